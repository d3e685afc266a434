# Numbers of R for small groups: times in mixed units, limits before the first event, Firth's model, restricted means, differences
# of curves, and incidence with late entry.
# Run in this folder: Rscript small_groups.R   -> writes golden_small_groups.json   (needs survival)
# Firth's model is written here on its own: the penalised partial likelihood (Breslow's ties) is maximised by optim, its profile
# is searched by uniroot. coxphf is not needed; its published numbers for `first_in_the_other_group` are 12.0 (0.64-1751), p 0.094.
suppressMessages(library(survival))
source_json <- readLines("survival.R"); eval(parse(text = source_json[2:(grep("^med <- function", source_json) - 1)]))  # toJ

# 1. times written in days, weeks and months
logrank <- function(time, ev, g) { fit <- survdiff(Surv(time, ev) ~ g); list(chi2 = fit$chisq, p = pchisq(fit$chisq, 1, lower = FALSE)) }
weeks <- rep(1:60, each = 3); near <- data.frame(time = 7 * weeks, ev = rep(c(0, 1, 1), 60), g = ifelse(weeks %% 2 == 1, "B", "A"))
near_all <- summary(survfit(Surv(time, ev) ~ 1, near), times = 365.25)
mix <- data.frame(time = c(28, 28, 28, 28, 90, 120, 200, 210), ev = c(1, 1, 1, 1, 1, 0, 1, 1), g = rep(c("A", "B"), 4))
td <- rbind(data.frame(start = 0, stop = c(14, 15, 17, 400, 500), ev = c(1, 1, 1, 1, 0), x = 0),
  data.frame(start = 0, stop = c(14, 15, 17, 17), ev = 0, x = 0), data.frame(start = c(14, 15, 17, 17), stop = c(300, 450, 600, 700), ev = c(1, 1, 0, 0), x = 1))
score <- summary(coxph(Surv(start, stop, ev) ~ x, td))$sctest

# 2. Firth: log partial likelihood + half the log determinant of the information
plain <- function(b, d) { X <- as.matrix(d$x); value <- 0; info <- matrix(0, ncol(X), ncol(X))
  for (i in which(d$ev == 1)) { there <- d$time >= d$time[i] & (d$entry < d$time[i] | d$entry <= 0); R <- X[there, , drop = FALSE]
    eta <- as.vector(R %*% b); top <- max(eta); w <- exp(eta - top); w <- w / sum(w)
    value <- value + sum(X[i, ] * b) - top - log(sum(exp(eta - top)))
    m <- colSums(w * R); C <- sweep(R, 2, m); info <- info + t(C) %*% (w * C) }
  list(value = value, info = info) }
penalised <- function(b, d) { one <- plain(b, d); ld <- determinant(one$info)
  if (ld$sign <= 0 || !is.finite(ld$modulus)) -1e10 else one$value + as.numeric(ld$modulus) / 2 }
maximum <- function(d, k, held = NULL) { free <- setdiff(seq_len(k), held$column); full <- function(f) { b <- numeric(k); b[free] <- f; if (!is.null(held)) b[held$column] <- held$value; b }
  if (!length(free)) return(list(b = full(numeric(0)), value = penalised(full(numeric(0)), d)))
  best <- NULL
  for (from in c(0, 1, -1)) { f <- if (length(free) == 1) { o <- optimize(function(f) penalised(full(f), d), c(-25, 25) , maximum = TRUE, tol = 1e-12); list(par = o$maximum, value = o$objective) }
    else { o <- optim(rep(from, length(free)), function(f) -penalised(full(f), d), method = "BFGS", control = list(reltol = 1e-15, maxit = 2000)); list(par = o$par, value = -o$value) }
    if (is.null(best) || f$value > best$value) best <- f }
  if (length(free) == 1) { o <- optim(best$par, function(f) -penalised(full(f), d), method = "BFGS", control = list(reltol = 1e-15)); if (-o$value > best$value) best <- list(par = o$par, value = -o$value) }
  list(b = full(best$par), value = best$value) }
firth <- function(time, ev, x, entry = rep(0, length(time))) { d <- list(time = time, ev = ev, x = as.matrix(x), entry = entry); k <- ncol(d$x)
  best <- maximum(d, k); drop <- function(column, at) 2 * (best$value - maximum(d, k, list(column = column, value = at))$value)
  limit <- function(column, side) { f <- function(s) drop(column, best$b[column] + side * s) - qchisq(.95, 1)
    if (f(30) < 0) NA else uniroot(f, c(0, 30), tol = 1e-11)$root * side + best$b[column] }
  null <- penalised(numeric(k), d)
  list(given = list(time = as.list(time), ev = as.list(ev), entry = as.list(entry), x = lapply(seq_len(k), function(j) as.list(d$x[, j]))),
    coefficient = as.list(best$b), low = lapply(1:k, limit, side = -1), high = lapply(1:k, limit, side = 1),
    p = lapply(1:k, function(j) pchisq(drop(j, 0), 1, lower = FALSE)), overall_p = pchisq(2 * (best$value - null), k, lower = FALSE)) }
set.seed(20240901)
drawn <- function(n, censored, k = 1) { t <- round(rexp(2 * n, log(2) / 365)); c <- round(runif(2 * n, 60, 60 + 1200 * (1 - censored))); x <- cbind(rep(0:1, each = n), if (k > 1) rbinom(2 * n, 1, .5))
  list(pmin(t, c) + 1, as.numeric(t <= c), x) }
designs <- list(first_in_the_other_group = firth(1:5, rep(1, 5), c(1, 0, 0, 0, 0)), last_in_the_other_group = firth(1:5, rep(1, 5), c(0, 0, 0, 0, 1)),
  no_events_in_one = firth(c(60, 95, 150, 210, 300, 320, 340, 360, 310, 330, 350, 370, 380, 390, 395, 400), c(1, 1, 1, 1, rep(0, 12)), rep(0:1, each = 8)),
  one_event = firth(c(3, 5, 7, 9), c(1, 0, 0, 0), c(0, 0, 1, 1)), separated = firth(c(1, 2, 3, 4, 5, 6, 8, 9, 10, 12), c(rep(1, 5), rep(0, 5)), rep(0:1, each = 5)),
  tied = firth(c(2, 2, 2, 4, 4, 6), c(1, 1, 0, 1, 1, 1), c(0, 1, 1, 0, 1, 1)), time_dependent = firth(td$stop, td$ev, td$x, td$start),
  two_covariates = firth(c(1, 2, 3, 4, 5, 6, 7, 8), c(1, 1, 1, 0, 1, 0, 0, 0), cbind(rep(0:1, 4), c(1, 1, 0, 1, 0, 0, 1, 0))))
for (seed in 1:12) designs[[paste0("drawn_", seed)]] <- do.call(firth, drawn(c(4, 6, 8)[seed %% 3 + 1], c(.3, .6, .8)[(seed %/% 3) %% 3 + 1], 1 + seed %% 2))
td_firth <- designs$time_dependent

# 3. limits before the first event: exact ones of n of n
start <- lapply(setNames(nm = c(1, 2, 3, 5, 8, 12, 16, 30)), function(n) binom.test(n, n)$conf.int[1])

# 4. difference of two curves: MOVER of log-log limits, exact ones of those at risk before the first event (Zou & Donner 2008)
limits_at <- function(d, t) { s <- summary(survfit(Surv(time, ev) ~ 1, d, conf.type = "log-log"), times = t, extend = FALSE); n <- sum(d$time >= t)
  if (!length(s$surv)) return(c(NA, NA, NA)); if (s$surv > 1 - 1e-9) c(1, binom.test(n, n)$conf.int[1], 1) else if (s$surv < 1e-9) c(0, NA, NA) else c(s$surv, s$lower, s$upper) }
mover <- function(one, other, times) { rows <- lapply(times, function(t) { a <- limits_at(one, t); b <- limits_at(other, t); d <- a[1] - b[1]
  c(d, d - sqrt((a[1] - a[2])^2 + (b[3] - b[1])^2), d + sqrt((a[3] - a[1])^2 + (b[1] - b[2])^2)) })
  list(time = as.list(times), difference = lapply(rows, `[`, 1), low = lapply(rows, `[`, 2), high = lapply(rows, `[`, 3)) }
read <- function(name) read.csv(paste0(name, ".csv"))
r <- read.csv(file.path("..", "..", "data", "source", "reconstruction.csv")); ttp <- data.frame(time = r$ttp_months, ev = r$ttp_event, g = r$arm)
few <- data.frame(time = c(60, 95, 150, 210, 300, 320, 340, 360, 310, 330, 350, 370, 380, 390, 395, 400), ev = c(1, 1, 1, 1, rep(0, 12)), g = rep(c("A", "B"), each = 8))
of <- function(d, g) d[d$g == g, ]
lung <- read("lung"); ovarian <- read("ovarian"); crossing <- read("crossing"); solo <- read("solo")
differences <- list(lung = mover(of(lung, "female"), of(lung, "male"), c(1, 6, 30, 100, 365, 700)), ovarian = mover(of(ovarian, "rx2"), of(ovarian, "rx1"), c(30, 100, 200, 300, 365, 600)),
  ttp = mover(of(ttp, "Pomalidomide"), of(ttp, "Control"), c(0.5, 1, 3, 6, 9, 12)), few = mover(of(few, "B"), of(few, "A"), c(30, 60, 182.625, 300, 355)))

# 5. hazards that are not proportional: the test, and the ratio before and after the middle event time
crossing$x <- as.numeric(crossing$g == "B"); cut <- unname(quantile(crossing$time[crossing$ev == 1], .5, type = 1))
ratio <- function(fit) { s <- summary(fit); list(hr = unname(s$conf.int[1]), low = unname(s$conf.int[3]), high = unname(s$conf.int[4]), p = unname(s$coefficients[5])) }
early <- transform(crossing, ev = ev * (time <= cut), time = pmin(time, cut)); late <- transform(crossing[crossing$time > cut, ], start = cut)
periods <- list(cut = cut, zph = unname(cox.zph(coxph(Surv(time, ev) ~ x, crossing))$table["x", "p"]), whole = ratio(coxph(Surv(time, ev) ~ x, crossing)),
  early = ratio(coxph(Surv(time, ev) ~ x, early)), late = ratio(coxph(Surv(start, time, ev) ~ x, late)))
two <- solo[solo$g != "Solo", ]; alone <- ratio(coxph(Surv(time, ev) ~ g, two)); alone$logrank_p <- pchisq(survdiff(Surv(time, ev) ~ g, two)$chisq, 1, lower = FALSE)

# 6. an adjusted model with few events is Firth's: ovarian, treatment and residual disease and age (12 events, 3 parameters)
adjusted <- firth(ovarian$time, ovarian$ev, cbind(as.numeric(ovarian$g == "rx2"), as.numeric(ovarian$resid_ds == 2), ovarian$age / 10)); adjusted$given <- NULL

write(toJ(list(units = list(near_ties = c(logrank(near$time, near$ev, near$g), surv_12_months = near_all$surv), mix = logrank(mix$time, mix$ev, mix$g),
    tdmin = list(p = unname(score["pvalue"]), firth = exp(td_firth$coefficient[[1]]), low = exp(td_firth$low[[1]]), high = exp(td_firth$high[[1]]))),
  flat_start = start, firth = designs, difference = differences, periods = periods, solo = alone, adjusted = adjusted)), "golden_small_groups.json")
