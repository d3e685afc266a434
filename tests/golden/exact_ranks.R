# Exact conditional p-values of rank tests in groups with ties. Run in this folder: Rscript exact_ranks.R   -> golden_exact_ranks.json
# Two groups: coin::wilcox_test(distribution = "exact"), and exactRankTests::wilcox.exact (twice the smaller tail where the
# distribution is not symmetric, therefore another definition there). Several groups: every arrangement, H by kruskal.test's formula.
suppressMessages({ library(coin); library(exactRankTests) })
source_json <- readLines("survival.R"); eval(parse(text = source_json[2:(grep("^med <- function", source_json) - 1)]))  # toJ

two <- function(name, x, y) {
  d <- data.frame(v = c(x, y), g = factor(rep(c("x", "y"), c(length(x), length(y)))))
  list(name = name, x = as.list(x), y = as.list(y), W = unname(suppressWarnings(wilcox.test(x, y))$statistic),
    p = as.numeric(pvalue(wilcox_test(v ~ g, d, distribution = "exact"))), p_wilcox_exact = wilcox.exact(x, y)$p.value,
    p_normal = suppressWarnings(wilcox.test(x, y, exact = FALSE))$p.value)
}
H <- function(r, g) sum(tapply(r, g, sum)^2 / tapply(r, g, length))
several <- function(name, groups) {
  v <- unlist(groups); sizes <- lengths(groups); r <- rank(v); g <- rep(seq_along(groups), sizes); n <- length(v)
  seen <- H(r, g); hits <- 0; all <- 0
  choose_next <- function(left, k, value) {
    if (k == length(sizes)) { all <<- all + 1; if (value + sum(r[left])^2 / sizes[k] >= seen - 1e-7) hits <<- hits + 1; return(invisible()) }
    sets <- if (length(left) == 1) matrix(left) else combn(left, sizes[k])
    for (i in seq_len(ncol(sets))) { s <- sets[, i]; choose_next(setdiff(left, s), k + 1, value + sum(r[s])^2 / sizes[k]) }
  }
  choose_next(seq_len(n), 1, 0)
  k <- kruskal.test(v, g)
  list(name = name, groups = unname(lapply(groups, as.list)), H = unname(k$statistic), df = unname(k$parameter), p = hits / all, arrangements = all, p_chisq = k$p.value)
}
set.seed(20)
draw <- function(n, levels) sample(levels, n, replace = TRUE)
pairs <- list(
  two("crs grades, synthetic cohort", c(0, 0, 0, 0, 1, 1, 2, 3), c(1, 1, 1, 2, 3, 3, 3, 4)),
  two("apart, 4 v 4, tied", c(1, 1, 2, 2), c(3, 3, 3, 4)),
  two("apart, 3 v 5, tied", c(1, 1, 2), c(3, 3, 3, 3, 4)),
  two("one tie in the middle", c(1, 2, 3, 4, 5), c(5, 6, 7, 8, 9, 10)),
  two("one against six", 9, c(1, 1, 2, 2, 3, 9)),
  two("not symmetric, 4 v 9", c(1, 1, 1, 5), c(1, 2, 2, 3, 3, 3, 5, 5, 6)),
  two("lowest rank shared by four", c(0, 0, 0, 12, 30, 44), c(0, 25, 51, 60, 88)),
  two("age, synthetic cohort", c(44, 53, 56, 58, 60, 63, 64, 65), c(46, 49, 53, 55, 57, 59, 62, 71)),
  two("silent", c(12000, 48000, 95000, 210000, 5000, 33000), c(0, 0, 1500, 22000, 61000)),
  two("untied, 6 v 6", c(1.2, 3.4, 2.2, 5.1, 0.4, 7.7), c(4.4, 9.1, 3.3, 8.2, 6.6, 10.5)))
for (i in 1:24) { n <- sample(3:12, 2, replace = TRUE); pairs[[length(pairs) + 1]] <- two(paste("drawn", i), draw(n[1], 0:sample(2:9, 1)), draw(n[2], 1:sample(3:10, 1))) }
pairs <- Filter(function(one) length(unique(c(one$x, one$y))) > 1, pairs)
more <- list(
  several("grades of three groups", list(c(0, 1, 1, 2), c(1, 2, 2, 3), c(2, 3, 3, 4))),
  several("untied, three of three", list(c(1, 2, 3), c(4, 6, 8), c(5, 7, 9))),
  several("hollander and wolfe", list(c(2.9, 3, 2.5, 2.6, 3.2), c(3.8, 2.7, 4, 2.4), c(2.8, 3.4, 3.7, 2.2, 2))),
  several("unequal, tied", list(c(5, 5), c(1, 1, 2, 5), c(2, 2, 2))),
  several("four groups of two", list(c(1, 1), c(2, 3), c(3, 3), c(4, 5))),
  several("a group of one", list(7, c(1, 2, 2, 3), c(2, 7, 7))),
  several("silent, three groups", list(c(0, 12000, 48000, 95000), c(0, 0, 210000, 5000, 33000), c(900, 1500, 22000))),
  several("ties", list(c(1, 2, 3, 5, 1), c(12, 31, 54), c(10, 12, 6, 74, 11))),
  several("nine in order", list(c(1, 2, 3), c(4, 5, 6), c(7, 8, 9))),
  several("two groups", list(c(1, 2, 2, 3), c(2, 4, 4, 6))))
for (i in 1:8) { n <- sample(2:4, 3, replace = TRUE); more[[length(more) + 1]] <- several(paste("drawn", i), lapply(n, draw, levels = 0:sample(2:6, 1))) }
more <- Filter(function(one) length(unique(unlist(one$groups))) > 1, more)
cat(toJ(list(meta = list(R = R.version.string, coin = as.character(packageVersion("coin")), exactRankTests = as.character(packageVersion("exactRankTests"))),
  two = pairs, several = more)), file = "golden_exact_ranks.json")
