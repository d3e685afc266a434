# Standardised mean differences of small tables: base R and MASS, the formulas of Yang & Dalton 2012 as in the package tableone
# (whose functions StdDiff and StdDiffMulti were run beside this script and gave the same digits). Rscript standardised.R > golden_standardised.json
library(MASS)
numbers <- function(x, y) abs(mean(x) - mean(y)) / sqrt((var(x) + var(y)) / 2)
categories <- function(a, b) {  # counts of the levels in two groups
  p <- (a / sum(a))[-1]; q <- (b / sum(b))[-1]
  S <- ((diag(p, length(p)) - outer(p, p)) + (diag(q, length(q)) - outer(q, q))) / 2
  sqrt(drop(t(p - q) %*% ginv(S) %*% (p - q)))
}
show <- function(name, value, last = FALSE) cat(sprintf('  "%s": %.12f%s\n', name, value, if (last) "" else ","))
age <- list(control = c(44, 53, 56, 58, 60, 63, 64, 65), pom = c(46, 49, 53, 55, 57, 59, 62, 71))  # of the example
skew <- list(a = c(1.5, 2.25, 100, 3.125), b = c(4, 5.5, 6), c = c(-3, 0, 0.5, 7, 9.75))
cat("{\n")
show("age", numbers(age$control, age$pom))
show("skew a b", numbers(skew$a, skew$b))
show("skew a c", numbers(skew$a, skew$c))
show("skew b c", numbers(skew$b, skew$c))
show("yes no", categories(c(6, 2), c(3, 5)))
show("yes no, large", categories(c(612, 88), c(703, 97)))
show("three levels", categories(c(4, 3, 1), c(3, 3, 2)))
show("a level in one group only", categories(c(4, 4, 0), c(3, 3, 2)))
show("a level in nobody", categories(c(4, 3, 0, 1), c(3, 3, 0, 2)))
show("five levels", categories(c(10, 20, 30, 25, 15), c(18, 22, 11, 40, 9)))
show("equal", categories(c(5, 5), c(10, 10)), TRUE)
cat("}\n")
