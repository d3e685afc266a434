# Numbers of R for tests of survival, restricted means and interval types that golden_survival.json does not hold.
# Run in this folder: Rscript survival_more.R   -> writes golden_survival_more.json   (needs survival, coin, mvtnorm)
suppressMessages({library(survival); library(coin); library(mvtnorm)})
source_json <- readLines("survival.R"); eval(parse(text = source_json[2:(grep("^med <- function", source_json) - 1)]))  # toJ

read <- function(name, levels) { d <- read.csv(paste0(name, ".csv")); d$g <- factor(d$g, levels = levels); d }
r <- read.csv(file.path("..", "..", "data", "source", "reconstruction.csv"))
seed <- function(name) data.frame(time = r[[paste0(name, "_months")]], ev = r[[paste0(name, "_event")]], g = factor(r$arm, levels = c("Control", "Pomalidomide")))
sets <- list(lung = read("lung", c("male", "female")), veteran = read("veteran", c("standard", "test")),
  ovarian = read("ovarian", c("rx1", "rx2")), ttp = seed("ttp"), os = seed("os"))
cells <- c("squamous", "smallcell", "adeno", "large")
v <- sets$veteran; v$cell <- factor(v$celltype, levels = cells)

# 1. interval types: any quantile, and limits of S(t) at milestones with late entry and ties
shares <- c(0.1, 0.25, 0.5, 0.6, 0.75, 0.9)
quantiles <- function(fit) { q <- quantile(fit, shares); list(value = as.list(unname(q$quantile)), low = as.list(unname(q$lower)), high = as.list(unname(q$upper))) }
milestones <- function(fit, times) { s <- summary(fit, times = times); list(time = as.list(s$time), survival = as.list(s$surv), low = as.list(s$lower), high = as.list(s$upper)) }
types <- c("log-log", "log", "plain")
by_type <- function(f) setNames(lapply(types, f), types)
interval_types <- lapply(sets, function(d) by_type(function(type) lapply(split(d, d$g), function(one) quantiles(survfit(Surv(time, ev) ~ 1, one, conf.type = type)))))
tied <- data.frame(entry = c(0, 0, 5, 2, 6, 0, 0, 3), time = c(5, 6, 7, 8, 9, 8, 12, 12), ev = c(1, 0, 1, 1, 0, 1, 1, 0))
tied_curves <- list(given = as.list(tied), curves = by_type(function(type)
  milestones(survfit(Surv(entry, time, ev) ~ 1, tied, conf.type = type), c(0, 4, 5, 6, 7.5, 8, 9, 12))))

# 2. one plain loop for the weighted log-rank with late entry; it must equal survdiff wherever survdiff can do it
loop <- function(time, ev, g, entry = rep(0, length(time)), rho = 0, gamma = 0, stratum = rep(1, length(time))) {
  k <- nlevels(g); oe <- numeric(k); expected <- numeric(k); variance <- matrix(0, k, k)
  for (s in unique(stratum)) { km <- 1
    for (t in sort(unique(time[ev == 1 & stratum == s]))) {
      there <- stratum == s & time >= t & (entry < t | entry == 0); n <- sum(there); now <- there & time == t & ev == 1; d <- sum(now)
      nj <- as.numeric(table(g[there])); dj <- as.numeric(table(g[now])); w <- km^rho * (1 - km)^gamma
      oe <- oe + w * (dj - d * nj / n); expected <- expected + w * d * nj / n
      if (n > 1) variance <- variance + w^2 * d * (n - d) / (n - 1) * (diag(nj / n, k) - outer(nj, nj) / n^2)
      km <- km * (1 - d / n) } }
  used <- which(expected > 0)[-1]; chisq <- sum(oe[used] * solve(variance[used, used, drop = FALSE], oe[used]))
  list(chisq = chisq, df = length(used), p = pchisq(chisq, length(used), lower = FALSE), oe = as.list(oe))
}
of_survdiff <- function(fit) { df <- sum(colSums(as.matrix(rbind(fit$exp))) > 0) - 1
  if (is.matrix(fit$exp)) df <- sum(rowSums(fit$exp) > 0) - 1
  list(chisq = fit$chisq, df = df, p = pchisq(fit$chisq, df, lower = FALSE)) }
trend <- function(fit) { o <- if (is.matrix(fit$obs)) rowSums(fit$obs) else fit$obs; e <- if (is.matrix(fit$exp)) rowSums(fit$exp) else fit$exp
  scores <- seq_along(o); chisq <- sum(scores * (o - e))^2 / sum(outer(scores, scores) * fit$var); list(chisq = chisq, p = pchisq(chisq, 1, lower = FALSE)) }
l <- sets$lung; e <- l[!is.na(l$ph_ecog), ]; e$stage <- factor(e$ph_ecog)
weighted <- list(
  celltype_rho1 = of_survdiff(survdiff(Surv(time, ev) ~ cell, v, rho = 1)),
  celltype_rho_half = of_survdiff(survdiff(Surv(time, ev) ~ cell, v, rho = 0.5)),
  celltype_fh01 = loop(v$time, v$ev, v$cell, gamma = 1),
  celltype_fh11 = loop(v$time, v$ev, v$cell, rho = 1, gamma = 1),
  stratified_rho1 = of_survdiff(survdiff(Surv(time, ev) ~ g + strata(celltype), v, rho = 1)),
  celltype_stratified_by_arm = of_survdiff(survdiff(Surv(time, ev) ~ cell + strata(g), v)))
stopifnot(all.equal(weighted$celltype_rho1$chisq, loop(v$time, v$ev, v$cell, rho = 1)$chisq),
  all.equal(weighted$stratified_rho1$chisq, loop(v$time, v$ev, v$g, rho = 1, stratum = v$celltype)$chisq),
  all.equal(weighted$celltype_stratified_by_arm$chisq, loop(v$time, v$ev, v$cell, stratum = v$g)$chisq))
trends <- list(celltype = trend(survdiff(Surv(time, ev) ~ cell, v)), lung_ecog = trend(survdiff(Surv(time, ev) ~ stage, e)),
  celltype_stratified_by_arm = trend(survdiff(Surv(time, ev) ~ cell + strata(g), v)))
score_test <- function(fit) list(chisq = unname(fit$score), df = length(coef(fit)), p = pchisq(fit$score, length(coef(fit)), lower = FALSE))
o <- sets$ovarian; o$entry <- ifelse(seq_len(nrow(o)) %% 2 == 0 & o$time > 200, 200, 0)  # no two die on one day: the score test is the log-rank
stopifnot(!anyDuplicated(o$time[o$ev == 1]))
l$entry <- ifelse(l$id %% 3 == 0 & l$time > 30, 30, 0)
late <- list(ovarian_every_second_enters_on_day_200 = score_test(coxph(Surv(entry, time, ev) ~ g, o, ties = "breslow")),
  lung_every_third_enters_on_day_30 = loop(l$time, l$ev, l$g, l$entry),
  lung_every_third_enters_on_day_30_fh01 = loop(l$time, l$ev, l$g, l$entry, gamma = 1))
stopifnot(all.equal(late[[1]]$chisq, loop(o$time, o$ev, o$g, o$entry)$chisq))

# 3. MaxCombo: the probability by mvtnorm
maxcombo <- function(d, stratum = rep(1, nrow(d))) { ws <- list(c(0, 0), c(0, 1), c(1, 0), c(1, 1)); u <- numeric(4); cv <- matrix(0, 4, 4); second <- as.integer(d$g) == 2
  for (s in unique(stratum)) { km <- 1
    for (t in sort(unique(d$time[d$ev == 1 & stratum == s]))) { there <- stratum == s & d$time >= t; n <- sum(there); now <- there & d$time == t & d$ev == 1
      p <- sum(there & second) / n; k <- sum(now); w <- sapply(ws, function(x) km^x[1] * (1 - km)^x[2])
      u <- u + w * (sum(now & second) - k * p); if (n > 1) cv <- cv + outer(w, w) * k * p * (1 - p) * (n - k) / (n - 1); km <- km * (1 - k / n) } }
  z <- u / sqrt(diag(cv)); m <- max(abs(z)); set.seed(1)
  got <- pmvnorm(rep(-m, 4), rep(m, 4), corr = cov2cor(cv), algorithm = GenzBretz(maxpts = 5e7, abseps = 2e-7, releps = 0))
  list(z = z, statistic = m, p = 1 - as.numeric(got), error = attr(got, "error")) }
combos <- c(lapply(sets, maxcombo), list(veteran_stratified_celltype = maxcombo(v, v$celltype)))

# 4. permutation: coin's exact conditional distribution of the same statistic; and whether censoring differs
exact <- function(d, ...) pvalue(logrank_test(Surv(time, ev) ~ g, d, distribution = "exact", ...))
small <- data.frame(time = c(1, 2, 2, 3, 3, 5, 6, 6, 8, 9), ev = c(1, 1, 0, 1, 1, 0, 1, 1, 1, 0), g = factor(c("a", "a", "b", "a", "b", "a", "b", "b", "b", "a")))
censoring <- function(d) { place <- match(d$time, sort(unique(d$time))); of_survdiff(survdiff(Surv(2 * place + 1 - ev, 1 - ev) ~ g, transform(d, place = place))) }
permutations <- list(ttp = exact(sets$ttp), os = exact(sets$os), ovarian = exact(sets$ovarian), tied_small = list(given = list(time = as.list(small$time), ev = as.list(small$ev), g = as.list(as.character(small$g))), p = exact(small, ties.method = "mid-ranks")),
  censoring = lapply(sets, censoring))

# 5. pairs
pairs <- combn(cells, 2, simplify = FALSE); ps <- sapply(pairs, function(two) of_survdiff(survdiff(Surv(time, ev) ~ cell, droplevels(v[v$cell %in% two, ])))$p)
pairwise <- list(pairs = lapply(pairs, as.list), p = as.list(ps), holm = as.list(p.adjust(ps, "holm")),
  with_missing = list(p = list(0.01, NA, 0.04, 0.03), holm = as.list(p.adjust(c(0.01, NA, 0.04, 0.03), "holm"))))

# 6. restricted means
rmean <- function(fit, tau) { t <- summary(fit, rmean = tau)$table; c(unname(t["rmean"]), unname(t["se(rmean)"])) }
means <- function(d, tau) { by <- lapply(split(d, d$g), function(one) rmean(if (is.null(one$entry)) survfit(Surv(time, ev) ~ 1, one) else survfit(Surv(entry, time, ev) ~ 1, one), tau))
  a <- by[[2]]; b <- by[[1]]; ratio <- log(a[1] / b[1]); se <- sqrt((a[2] / a[1])^2 + (b[2] / b[1])^2); z <- qnorm(0.975)
  list(tau = tau, mean = lapply(by, `[`, 1), se = lapply(by, `[`, 2), ratio = list(value = exp(ratio), low = exp(ratio - z * se), high = exp(ratio + z * se), p = 2 * pnorm(-abs(ratio / se)))) }
restricted <- list(lung = means(sets$lung, 730), veteran = means(sets$veteran, 365), ovarian = means(sets$ovarian, 730), ttp = means(sets$ttp, 14), os = means(sets$os, 14),
  lung_between_events = means(sets$lung, 400.5), lung_every_third_enters_on_day_30 = means(l, 730))

# 7. difference of two curves at times
differences <- lapply(list(lung = c(0, 90, 180, 365, 730), ovarian = c(100, 365, 600), ttp = c(1, 3, 6, 9, 13)), function(times) times)
differences <- Map(function(times, d) { s <- lapply(split(d, d$g), function(one) summary(survfit(Surv(time, ev) ~ 1, one), times = times)); a <- s[[2]]; b <- s[[1]]
  se <- sqrt(a$std.err^2 + b$std.err^2); z <- qnorm(0.975); list(time = as.list(times), difference = as.list(a$surv - b$surv), low = as.list(a$surv - b$surv - z * se), high = as.list(a$surv - b$surv + z * se)) },
  differences, sets[names(differences)])

cat(toJ(list(meta = list(R = R.version.string, survival = as.character(packageVersion("survival")), coin = as.character(packageVersion("coin")), mvtnorm = as.character(packageVersion("mvtnorm"))),
  shares = as.list(shares), interval_types = interval_types, tied_late_entry = tied_curves, weighted = weighted, trend = trends, late_entry = late, maxcombo = combos,
  permutation = permutations, pairwise = pairwise, rmst = restricted, difference = differences)), file = "golden_survival_more.json")
