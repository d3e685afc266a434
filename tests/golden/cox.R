# Numbers of R for the regression of survival times: adjusted models, interactions, strata, cox.zph, several rows a patient.
# Run in this folder: Rscript cox.R   -> writes golden_cox.json
suppressMessages(library(survival))
source_json <- readLines("survival.R"); eval(parse(text = source_json[2:(grep("^med <- function", source_json) - 1)]))  # toJ

l <- read.csv("lung.csv"); l$g <- factor(l$g, levels = c("male", "female")); l$entry <- ifelse(l$id %% 3 == 0 & l$time > 30, 30, 0)
v <- read.csv("veteran.csv"); v$celltype <- factor(v$celltype, levels = c("squamous", "smallcell", "adeno", "large")); v$g <- factor(v$g)
o <- read.csv("ovarian.csv"); o$g <- factor(o$g); o$resid_ds <- factor(o$resid_ds)
h <- read.csv("heart_counting.csv")

zph <- function(fit) lapply(setNames(c("km", "identity", "rank"), c("km", "identity", "rank")), function(tr) {
  t <- cox.zph(fit, transform = tr)$table
  lapply(setNames(seq_len(nrow(t)), rownames(t)), function(i) list(chisq = t[i, 1], df = t[i, 2], p = t[i, 3])) })
model <- function(fit) { s <- summary(fit); list(n = s$n, events = s$nevent, loglik = fit$loglik,
  terms = lapply(setNames(seq_along(coef(fit)), names(coef(fit))), function(i) list(coef = unname(coef(fit)[i]), se = sqrt(vcov(fit)[i, i]),
    hr = s$conf.int[i, 1], low = s$conf.int[i, 3], high = s$conf.int[i, 4], z = s$coefficients[i, 4], p = s$coefficients[i, 5])),
  lrt = as.list(setNames(s$logtest, c("chisq", "df", "p"))), score = as.list(setNames(s$sctest, c("chisq", "df", "p"))), zph = zph(fit)) }
product <- function(without, with) { a <- anova(without, with); list(chisq = a[["Chisq"]][2], df = a[["Df"]][2], p = a[[ncol(a)]][2]) }
drop_each <- function(fit) { d <- drop1(fit, test = "Chisq"); lapply(setNames(2:nrow(d), rownames(d)[-1]), function(i) list(chisq = d$LRT[i], df = d$Df[i], p = d[i, ncol(d)])) }

celltypes <- sapply(levels(v$celltype)[-1], function(level) { keep <- model.matrix(~celltype, v)[, -1]; full <- coxph(Surv(time, ev) ~ keep, v)
  part <- coxph(Surv(time, ev) ~ keep[, colnames(keep) != paste0("celltype", level)], v); pchisq(2 * (full$loglik[2] - part$loglik[2]), 1, lower = FALSE) })

models <- list(
  lung_sex_age_ecog = model(coxph(Surv(time, ev) ~ g + I(age / 10) + factor(ph_ecog, exclude = c(NA, 3)), l)),
  lung_late = model(coxph(Surv(entry, time, ev) ~ g + age, l)),
  veteran_all = model(coxph(Surv(time, ev) ~ g + I(karno / 10) + I(age / 10) + celltype, v)),
  veteran_strata = model(coxph(Surv(time, ev) ~ g + karno + strata(celltype), v)),
  veteran_celltype = model(coxph(Surv(time, ev) ~ celltype, v)),
  ovarian_rx = model(coxph(Surv(time, ev) ~ g, o)),
  heart_time_dependent = model(coxph(Surv(start, stop, event) ~ transplant, h)),
  heart_late_strata = model(coxph(Surv(start, stop, event) ~ transplant + strata(id %% 3), h)))

inside <- function(rows, name) { s <- summary(coxph(Surv(time, ev) ~ g, rows)); list(n = s$n, events = s$nevent, hr = s$conf.int[1, 1], low = s$conf.int[1, 3], high = s$conf.int[1, 4], p = s$coefficients[1, 5]) }
interactions <- list(
  ovarian_age_50 = product(coxph(Surv(time, ev) ~ g + I(age > 50), o), coxph(Surv(time, ev) ~ g * I(age > 50), o)),
  ovarian_resid = product(coxph(Surv(time, ev) ~ g + resid_ds, o), coxph(Surv(time, ev) ~ g * resid_ds, o)),
  lung_age_65 = product(coxph(Surv(time, ev) ~ g + I(age > 65), l), coxph(Surv(time, ev) ~ g * I(age > 65), l)),
  lung_late_age_65 = product(coxph(Surv(entry, time, ev) ~ g + I(age > 65), l), coxph(Surv(entry, time, ev) ~ g * I(age > 65), l)),
  veteran_celltype = product(coxph(Surv(time, ev) ~ g + celltype, v), coxph(Surv(time, ev) ~ g * celltype, v)),
  celltype_by_age_60 = product(coxph(Surv(time, ev) ~ celltype + I(age > 60), v), coxph(Surv(time, ev) ~ celltype * I(age > 60), v)))
subgroups <- list(
  lung_age_65 = list(older = inside(l[l$age > 65, ]), younger = inside(l[l$age <= 65, ])),
  veteran_celltype = lapply(split(v, v$celltype), inside))

cat(toJ(list(meta = list(R = R.version.string, survival = as.character(packageVersion("survival"))), models = models,
  celltype_likelihood_ratio_p = as.list(celltypes), interactions = interactions, subgroups = subgroups)), file = "golden_cox.json")
