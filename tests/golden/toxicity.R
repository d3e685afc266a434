# Numbers for the toxicity page, in base R (4.2.2): Rscript toxicity.R > golden_toxicity.json
# Miettinen-Nurminen: the shares that are most likely under a given difference are found here by a numerical search, not by the
# closed form that lib/stats/proportions.py uses. Odds ratio: fisher.test as it is, and its own equations with an exact root.
options(digits = 15)
tight <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-13, maxiter = 10000)$root
constrained <- function(x1, n1, x0, n0, d) {
  low <- max(0, -d); high <- min(1, 1 - d)
  term <- function(x, p) if (x == 0) 0 else x * log(p)
  minus <- function(p0) -(term(x1, p0 + d) + term(n1 - x1, 1 - p0 - d) + term(x0, p0) + term(n0 - x0, 1 - p0))
  p0 <- suppressWarnings(optimize(minus, c(low, high), tol = 1e-14)$minimum)
  c(p0 + d, p0)
}
score <- function(x1, n1, x0, n0, d) {
  p <- constrained(x1, n1, x0, n0, d); N <- n1 + n0
  v <- (p[1] * (1 - p[1]) / n1 + p[2] * (1 - p[2]) / n0) * N / (N - 1)
  (x1 / n1 - x0 / n0 - d) / sqrt(v)
}
mn <- function(x1, n1, x0, n0) {
  z <- qnorm(0.975); d <- x1 / n1 - x0 / n0; e <- 1e-6
  low <- if (d - e <= -1) -1 else tight(function(D) score(x1, n1, x0, n0, D) - z, -1 + e, d - e)
  high <- if (d + e >= 1) 1 else tight(function(D) score(x1, n1, x0, n0, D) + z, d + e, 1 - e)
  c(low, high)
}
exact_or <- function(x1, n1, x0, n0) {  # the equations of fisher.test
  m <- n1; n <- n0; k <- x1 + x0; x <- x1; lo <- max(0, k - n); hi <- min(k, m); support <- lo:hi
  logdc <- dhyper(support, m, n, k, log = TRUE)
  dn <- function(psi) { d <- logdc + log(psi) * support; d <- exp(d - max(d)); d / sum(d) }
  mean_of <- function(psi) sum(support * dn(psi))
  up <- function(q, psi) sum(dn(psi)[support >= q]); down <- function(q, psi) sum(dn(psi)[support <= q])
  root <- function(f) exp(tight(function(t) f(exp(t)), -20, 20))
  est <- if (x == lo) 0 else if (x == hi) Inf else root(function(t) mean_of(t) - x)
  low <- if (x == lo) 0 else root(function(t) up(x, t) - 0.025)
  high <- if (x == hi) Inf else root(function(t) down(x, t) - 0.025)
  c(est, low, high)
}
number <- function(v) paste0("[", paste(ifelse(is.finite(v), format(v, digits = 12, trim = TRUE, scientific = FALSE), "null"), collapse = ", "), "]")
pairs <- list(c(4, 8, 8, 8), c(1, 8, 4, 8), c(5, 8, 2, 8), c(3, 8, 7, 8), c(0, 8, 1, 8), c(1, 8, 0, 8), c(6, 8, 5, 8), c(9, 10, 3, 10),
              c(56, 70, 48, 80), c(10, 10, 0, 20), c(2, 40, 17, 60), c(8, 8, 4, 8), c(119, 134, 100, 132))
cat('{"r": "', R.version.string, '",\n "pairs": [\n', sep = "")
lines <- sapply(pairs, function(p) {
  t <- fisher.test(matrix(c(p[1], p[3], p[2] - p[1], p[4] - p[3]), 2))
  sprintf('  {"counts": %s, "fisher_p": %s, "odds_ratio_of_fisher_test": %s, "odds_ratio": %s, "miettinen_nurminen": %s}',
          number(p), format(t$p.value, digits = 12), number(c(t$estimate, t$conf.int)), number(do.call(exact_or, as.list(p))), number(do.call(mn, as.list(p))))
})
cat(paste(lines, collapse = ",\n"), '\n ],\n "grades": [\n')
tables <- list(rbind(c(4, 2, 1, 1, 0), c(0, 2, 2, 3, 1)), rbind(c(10, 6, 4, 2, 0, 1), c(3, 9, 8, 4, 2, 0)), rbind(c(30, 5, 0, 2), c(28, 0, 0, 9)),
               rbind(c(5, 0, 3), c(5, 4, 1), c(2, 2, 6)))
lines <- sapply(tables, function(g) {
  trend <- if (nrow(g) == 2) { keep <- colSums(g) > 0; t <- prop.trend.test(g[1, keep], colSums(g)[keep], score = (seq_len(ncol(g)) - 1)[keep]); c(t$statistic, t$p.value) } else c(NA, NA)
  sprintf('  {"counts": [%s], "freeman_halton_p": %s, "trend": %s}', paste(apply(g, 1, number), collapse = ", "),
          format(fisher.test(g)$p.value, digits = 12), number(trend))
})
cat(paste(lines, collapse = ",\n"), '\n ],\n')
p <- c(0.0769, 0.2821, 0.4667, 0.0001, 0.0001, 1)
cat(' "p": ', number(p), ', "holm": ', number(p.adjust(p, "holm")), ', "bh": ', number(p.adjust(p, "BH")), '\n}\n', sep = "")
