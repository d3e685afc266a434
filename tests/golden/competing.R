# Competing risks: Aalen-Johansen curves (survfit), Gray's test (cmprsk::cuminc), Fine-Gray (cmprsk::crr, survival::finegray), cause-specific Cox.
# Run in this folder: Rscript competing.R   -> writes golden_competing.json.  Needs cmprsk (Debian: r-cran-cmprsk).
suppressMessages({library(survival); library(cmprsk)})
source_json <- readLines("survival.R"); eval(parse(text = source_json[2:(grep("^med <- function", source_json) - 1)]))  # toJ

state <- function(cause) factor(cause, 0:max(2, cause), labels = c("censored", paste0("cause", 1:max(2, cause))))
curves <- function(fit, times = NULL) {
  s <- if (is.null(times)) summary(fit, censored = TRUE) else summary(fit, times = times, extend = TRUE)
  causes <- setdiff(fit$states, "(s0)")
  by <- lapply(setNames(seq_along(causes) + 1, causes), function(k) list(incidence = as.list(unname(s$pstate[, k])),
    std_error = as.list(unname(s$std.err[, k])), low = as.list(unname(s$lower[, k])), high = as.list(unname(s$upper[, k]))))
  c(list(time = as.list(s$time), n_at_risk = as.list(unname(s$n.risk[, 1]))), by)
}
fit_of <- function(time, cause, entry, type) {
  state <- state(cause)
  if (any(entry > 0)) survfit(Surv(entry, time, state) ~ 1, conf.type = type, id = seq_along(time)) else survfit(Surv(time, state) ~ 1, conf.type = type)
}
types <- c("log-log", "log", "plain")
all_curves <- function(time, cause, entry = rep(0, length(time)), times = NULL)
  setNames(lapply(types, function(type) curves(fit_of(time, cause, entry, type), times)), types)
gray <- function(time, cause, group) { tests <- cuminc(time, cause, group)$Tests
  lapply(setNames(seq_len(nrow(tests)), rownames(tests)), function(i) list(statistic = unname(tests[i, 1]), p = unname(tests[i, 2]), df = unname(tests[i, 3]))) }
dummies <- function(group) model.matrix(~ group)[, -1, drop = FALSE]
ratio <- function(coef, se) list(hr = exp(coef), low = exp(coef - qnorm(.975) * se), high = exp(coef + qnorm(.975) * se), se = se, p = 2 * pnorm(-abs(coef / se)))
crr_of <- function(time, cause, group, of = 1) { fit <- crr(time, cause, dummies(group), failcode = of, gtol = 1e-12, maxiter = 50)
  setNames(lapply(seq_along(fit$coef), function(i) ratio(unname(fit$coef[i]), sqrt(fit$var[i, i]))), levels(group)[-1]) }
specific_of <- function(time, cause, group, of = 1) { fit <- coxph(Surv(time, cause == of) ~ group)
  setNames(lapply(seq_along(coef(fit)), function(i) ratio(unname(coef(fit)[i]), sqrt(vcov(fit)[i, i]))), levels(group)[-1]) }
toy <- function(time, cause, group) { group <- factor(group, unique(group))
  list(given = list(time = as.list(time), cause = as.list(cause), group = as.list(as.character(group))), reference = levels(group)[1],
    curves = all_curves(time, cause), gray = gray(time, cause, group), fine_gray = crr_of(time, cause, group), fine_gray_2 = crr_of(time, cause, group, 2),
    cause_specific = specific_of(time, cause, group)) }

mg <- read.csv("mgus2_competing.csv"); mg$sex <- factor(mg$sex)
mg$age_group <- factor(ifelse(mg$age < 65, "young", ifelse(mg$age < 75, "middle", "old")), c("young", "middle", "old"))
long <- finegray(Surv(etime, factor(event, 0:2, c("censor", "pcm", "death"))) ~ ., data = mg, etype = "pcm")
by_row <- summary(coxph(Surv(fgstart, fgstop, fgstatus) ~ sex, weight = fgwt, data = long))$coefficients
by_patient <- summary(coxph(Surv(fgstart, fgstop, fgstatus) ~ sex, weight = fgwt, data = long, cluster = id))$coefficients
mgus2 <- list(
  curves = lapply(split(mg, mg$sex), function(d) all_curves(d$etime, d$event, times = c(0, 60, 120, 240))),
  gray = gray(mg$etime, mg$event, mg$sex), gray_age = gray(mg$etime, mg$event, mg$age_group),
  fine_gray = crr_of(mg$etime, mg$event, mg$sex), fine_gray_2 = crr_of(mg$etime, mg$event, mg$sex, 2), fine_gray_age = crr_of(mg$etime, mg$event, mg$age_group),
  cause_specific = specific_of(mg$etime, mg$event, mg$sex), cause_specific_age = specific_of(mg$etime, mg$event, mg$age_group),
  cause_specific_2 = specific_of(mg$etime, mg$event, mg$sex, 2),
  survival_finegray = list(hr = by_row[1, 2], robust_p_by_row = by_row[1, 6], robust_se_by_row = by_row[1, 4], robust_p_by_patient = by_patient[1, 6],
    robust_se_by_patient = by_patient[1, 4]))

toys <- list(
  two_groups = toy(c(1, 1, 2, 3, 3, 5, 5, 5, 8, 9, 2, 2, 3, 4, 6, 6, 7, 8, 10, 12), c(1, 2, 1, 1, 0, 1, 2, 0, 1, 0, 2, 1, 2, 2, 1, 0, 1, 0, 2, 1), rep(c("a", "b"), each = 10)),
  three_groups = toy(c(1, 1, 1, 2, 3, 3, 4, 4, 7, 1, 2, 2, 2, 5, 5, 6, 8, 8, 2, 3, 3, 3, 4, 6, 6, 9, 9), c(1, 1, 2, 1, 0, 2, 1, 0, 0, 2, 1, 1, 0, 1, 2, 0, 1, 2, 1, 1, 2, 2, 0, 1, 0, 2, 1),
    rep(c("a", "b", "c"), each = 9)),
  lopsided = toy(c(2, 2, 2, 2, 4, 5, 3, 3, 4, 4, 6, 7, 7, 9), c(1, 1, 2, 1, 1, 2, 2, 1, 1, 0, 1, 1, 2, 0), rep(c("b", "a"), c(6, 8))),
  no_censoring = toy(c(1, 2, 3, 3, 4, 6, 2, 3, 5, 5, 7, 8), c(1, 2, 1, 1, 2, 1, 2, 1, 1, 2, 1, 1), rep(c("a", "b"), each = 6)),
  event_at_zero = toy(c(0, 0, 1, 3, 4, 5, 0, 1, 2, 3, 6, 6), c(1, 2, 1, 0, 1, 2, 2, 0, 1, 1, 1, 2), rep(c("a", "b"), each = 6)))
late_time <- c(5, 6, 7, 8, 9, 9, 11, 12); late_cause <- c(1, 0, 2, 1, 1, 2, 0, 1); late_entry <- c(0, 0, 0, 2, 6, 5, 7, 0)
more <- list(late_entry = list(given = list(time = as.list(late_time), cause = as.list(late_cause), entry = as.list(late_entry)), curves = all_curves(late_time, late_cause, late_entry)),
  three_causes = { time <- c(1, 2, 2, 3, 4, 4, 5, 6, 7); cause <- c(3, 1, 2, 0, 3, 1, 2, 0, 1); list(given = list(time = as.list(time), cause = as.list(cause)), curves = all_curves(time, cause)) })

heart <- read.csv("heart_wide.csv")
landmark_of <- function(at) { d <- heart[heart$futime > at, ]; d$group <- as.integer(!is.na(d$exposure_day) & d$exposure_day <= at); s <- summary(coxph(Surv(futime - at, event) ~ group, d))
  test <- survdiff(Surv(futime - at, event) ~ group, d)
  list(n = nrow(d), dropped = nrow(heart) - nrow(d), exposed = sum(d$group), hr = s$conf.int[1, 1], low = s$conf.int[1, 3], high = s$conf.int[1, 4], logrank_p = pchisq(test$chisq, 1, lower = FALSE)) }
patients <- read.csv("../../data/source/patients.csv")
rederived <- function(endpoint, at) { time <- patients[[paste0(endpoint, "_months")]]; event <- patients[[paste0(endpoint, "_event")]]; start <- patients$maintenance_start_month
  keep <- time > at; group <- as.integer(!is.na(start) & start <= at)[keep]; y <- Surv(time[keep] - at, event[keep]); s <- summary(coxph(y ~ group)); test <- survdiff(y ~ group)
  list(unexposed = sum(group == 0), exposed = sum(group), dropped = sum(!keep), hr = s$conf.int[1, 1], low = s$conf.int[1, 3], high = s$conf.int[1, 4], logrank_p = pchisq(test$chisq, 1, lower = FALSE)) }
months <- setNames(1:2, c("month_1", "month_2"))
landmarks <- list(heart = list(day_30 = landmark_of(30), day_60 = landmark_of(60), day_90 = landmark_of(90)),
  rederived = list(ttp = lapply(months, function(at) rederived("ttp", at)), os = lapply(months, function(at) rederived("os", at))))
cat(toJ(list(meta = list(R = R.version.string, survival = as.character(packageVersion("survival")), cmprsk = as.character(packageVersion("cmprsk"))),
  mgus2 = mgus2, toys = toys, more = more, landmarks = landmarks)), file = "golden_competing.json")
