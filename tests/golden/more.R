# Numbers of R that the three other files do not hold: small cases, ties, late entry, several groups, rank and t tests.
# Run in this folder: Rscript more.R   -> writes golden_more.json
suppressMessages(library(survival))
source_json <- readLines("survival.R"); eval(parse(text = source_json[2:(grep("^med <- function", source_json) - 1)]))  # toJ

at <- function(fit) { s <- summary(fit, censored = TRUE); list(time = as.list(s$time), n_at_risk = as.list(s$n.risk),
  events = as.list(s$n.event), survival = as.list(s$surv), low = as.list(s$lower), high = as.list(s$upper)) }
middle <- function(fit) { t <- summary(fit)$table; c(median = unname(t["median"]), low = unname(t["0.95LCL"]), high = unname(t["0.95UCL"])) }
curve <- function(time, event, entry = NULL) {
  fit <- if (is.null(entry)) survfit(Surv(time, event) ~ 1, conf.type = "log-log") else survfit(Surv(entry, time, event) ~ 1, conf.type = "log-log")
  list(given = list(time = as.list(time), event = as.list(event), entry = as.list(if (is.null(entry)) rep(0, length(time)) else entry)),
       curve = at(fit), median = as.list(middle(fit)))
}
ratios <- function(fit) { s <- summary(fit); lapply(setNames(seq_len(nrow(s$conf.int)), sub("^g", "", rownames(s$conf.int))), function(i)
  list(hr = s$conf.int[i, 1], low = s$conf.int[i, 3], high = s$conf.int[i, 4], p = s$coefficients[i, 5])) }
ranked <- function(x, y) { w <- suppressWarnings(wilcox.test(x, y)); list(x = as.list(x), y = as.list(y), W = unname(w$statistic), p = w$p.value, method = w$method) }
student <- function(x, y) { t <- t.test(x, y, var.equal = TRUE); list(x = as.list(x), y = as.list(y), t = unname(t$statistic), df = unname(t$parameter), p = t$p.value) }

curves <- list(
  event_at_zero = curve(c(0, 0, 3, 5), c(1, 0, 1, 0)),
  all_at_one_time = curve(c(4, 4, 4), c(1, 1, 1)),
  one_patient = curve(7, 1),
  ties_with_censoring = curve(c(2, 2, 2, 5, 5, 8, 8, 8), c(1, 1, 0, 1, 0, 1, 0, 0)),
  late_entry = curve(c(5, 6, 7, 8, 9), c(1, 0, 1, 1, 0), c(0, 0, 5, 2, 6)),
  late_entry_risk_set_of_one = curve(c(2, 8, 9), c(1, 1, 0), c(0, 5, 6)),
  late_entry_all = curve(c(4, 7, 9, 12), c(1, 1, 0, 1), c(1, 1, 2, 3)))

v <- read.csv("veteran.csv"); v$celltype <- factor(v$celltype, levels = c("squamous", "smallcell", "adeno", "large"))
four <- survdiff(Surv(time, ev) ~ celltype, v)
early <- data.frame(time = c(1, 1, 3, 4, 7, 3, 6, 8), ev = c(0, 0, 1, 1, 1, 1, 1, 0), g = c("a", "a", "b", "b", "b", "c", "c", "c"))
lost <- survdiff(Surv(time, ev) ~ g, early)
l <- read.csv("lung.csv"); l$g <- factor(l$g, levels = c("male", "female")); l$entry <- ifelse(l$id %% 3 == 0 & l$time > 30, 30, 0)  # events happen on day 30
late <- survfit(Surv(entry, time, ev) ~ 1, l, conf.type = "log-log")
names(v)[names(v) == "g"] <- "trt"; v$g <- v$celltype
groups <- list(
  veteran_celltype = list(chisq = four$chisq, df = 3, p = pchisq(four$chisq, 3, lower = FALSE), hazard_ratios = ratios(coxph(Surv(time, ev) ~ g, v))),
  one_group_gone_before_the_first_event = list(given = as.list(early), chisq = lost$chisq, df = sum(lost$exp > 0) - 1,
    p = pchisq(lost$chisq, sum(lost$exp > 0) - 1, lower = FALSE)),
  lung_every_third_enters_on_day_30 = list(median = as.list(middle(late)), hazard_ratios = ratios(coxph(Surv(entry, time, ev) ~ g, l))))

x <- c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46); y <- c(1.15, 0.88, 0.90, 0.74, 1.21)
set.seed(1); big <- round(rnorm(60, 10, 3), 6); other <- round(rnorm(55, 11, 3), 6)
ranks <- list(exact = ranked(x, y), tied = ranked(c(1, 2, 2, 3, 5), c(2, 4, 4, 6)), untied_large = ranked(big, other),
  age_synthetic = ranked(c(44, 53, 56, 58, 60, 63, 64, 65), c(46, 49, 53, 55, 57, 59, 62, 71)),
  equal_middles = ranked(c(1, 2, 3, 4), c(1, 2, 3, 4)), one_against_many = ranked(9, c(1, 2, 3, 4, 5)))
ts <- list(age_synthetic = student(c(44, 53, 56, 58, 60, 63, 64, 65), c(46, 49, 53, 55, 57, 59, 62, 71)), plain = student(x, y))
air <- split(airquality$Ozone, airquality$Month); air <- lapply(air, function(v) v[!is.na(v)])
k <- kruskal.test(air); k3 <- list(c(2.9, 3, 2.5, 2.6, 3.2), c(3.8, 2.7, 4, 2.4), c(2.8, 3.4, 3.7, 2.2, 2)); kk <- kruskal.test(k3)
kw <- list(airquality_ozone = list(groups = unname(lapply(air, as.list)), H = unname(k$statistic), df = unname(k$parameter), p = k$p.value),
  hollander_wolfe = list(groups = lapply(k3, as.list), H = unname(kk$statistic), df = unname(kk$parameter), p = kk$p.value))

table_of <- function(m) list(counts = lapply(seq_len(nrow(m)), function(i) as.list(m[i, ])), p = fisher.test(m, workspace = 2e7)$p.value)
fisher <- list(job_satisfaction = table_of(matrix(c(1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11), 4, 4)),
  three_groups = table_of(rbind(c(3, 1, 7), c(5, 8, 2))), three_by_three = table_of(rbind(c(3, 1, 0), c(2, 5, 4), c(0, 2, 6))),
  two_by_two = table_of(rbind(c(5, 2), c(3, 6))), lopsided = table_of(rbind(c(1, 11), c(9, 3))), lines = table_of(rbind(c(4, 3), c(3, 3), c(1, 2))))
cat(toJ(list(meta = list(R = R.version.string, survival = as.character(packageVersion("survival"))), curves = curves, groups = groups,
  mann_whitney = ranks, student_t = ts, kruskal_wallis = kw, fisher = fisher)), file = "golden_more.json")
