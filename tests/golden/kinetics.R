# Numbers of R for the kinetics: Spearman's correlation, ratios of geometric means, rank tests with tied lowest ranks, persistence.
# Run in this folder: Rscript kinetics.R   -> writes golden_kinetics.json
suppressMessages(library(survival))
source_json <- readLines("survival.R"); eval(parse(text = source_json[2:(grep("^med <- function", source_json) - 1)]))  # toJ

arrangements <- function(v) if (length(v) < 2) list(v) else do.call(c, lapply(seq_along(v), function(i) lapply(arrangements(v[-i]), function(r) c(v[i], r))))
rho <- function(x, y) {
  x <- unname(x); y <- unname(y); n <- length(x); tied <- anyDuplicated(x) > 0 || anyDuplicated(y) > 0
  w <- suppressWarnings(cor.test(x, y, method = "spearman", exact = n < 10 && !tied)); r <- unname(w$estimate)
  if (tied && n < 10) w$p.value <- mean(sapply(arrangements(rank(y)), function(a) abs(cor(rank(x), a)) >= abs(r) - 1e-9))
  z <- qnorm(0.975) * sqrt((1 + r^2 / 2) / (n - 3))  # Bonett & Wright 2000
  list(x = as.list(x), y = as.list(y), rho = r, p = w$p.value, low = tanh(atanh(r) - z), high = tanh(atanh(r) + z))
}
ratio <- function(x, y) {
  t <- t.test(log(x), log(y)); raw <- t.test(x, y, var.equal = TRUE)
  list(x = as.list(x), y = as.list(y), ratio = unname(exp(t$estimate[1] - t$estimate[2])), low = exp(t$conf.int[1]), high = exp(t$conf.int[2]),
       t = unname(t$statistic), df = unname(t$parameter), p = t$p.value, p_raw = raw$p.value)
}
ranks <- function(x, y) { w <- suppressWarnings(wilcox.test(x, y)); list(x = as.list(x), y = as.list(y), W = unname(w$statistic), p = w$p.value) }
several <- function(g) { k <- kruskal.test(g); list(groups = unname(lapply(g, as.list)), H = unname(k$statistic), df = unname(k$parameter), p = k$p.value) }

cmax <- c(12000, 48000, 95000, 210000, 5000, 33000); other <- c(900, 1500, 22000, 61000, 4000)
crs <- c(1, 2, 3, 4, 0, 2); ferritin <- c(210, 480, 1900, 800, 150, 333)
with_silent <- c(0, 0, 1500, 22000, 61000)  # 0 = never above the limit: the lowest rank
time <- c(60, 90, 100, 180, 120, 365); event <- c(1, 1, 1, 1, 0, 0)
persistence <- summary(survfit(Surv(time, event) ~ 1, conf.type = "log-log"))$table
groups <- list(c(0, 12000, 48000, 95000), c(0, 0, 210000, 5000, 33000), c(900, 1500, 22000))
cat(toJ(list(meta = list(R = R.version.string),
  spearman = list(ties = rho(cmax, crs), no_ties = rho(cmax, ferritin), silent = rho(with_silent, c(0, 1, 1, 2, 3)),
                  theoph = { d <- read.csv("../public_data/theoph.csv"); names(d) <- tolower(names(d)); s <- split(d, d$subject)
                             rho(sapply(s, function(p) max(p$conc)), sapply(s, function(p) p$wt[1])) }),
  ratio = list(unequal = ratio(cmax, other), equal_sizes = ratio(cmax[1:5], other)),
  mann_whitney = list(silent = ranks(cmax, with_silent), plain = ranks(cmax, other)),
  kruskal_wallis = list(silent = several(groups)),
  persistence = list(time = as.list(time), event = as.list(event), median = unname(persistence["median"]),
                     low = unname(persistence["0.95LCL"]), high = unname(persistence["0.95UCL"]))
)), file = "golden_kinetics.json")
