# R's numbers for docs/validation.md that are not of survival: summaries, rank, t and exact tests, shares and their differences, odds ratios,
# correlations, several groups. Data: the packages datasets (R 4.2.2) and survival (3.5.3), of each at most 60 rows a group, kept with the numbers.
# Run in this folder: Rscript statistics.R   -> statistics.json
suppressMessages({ library(survival); library(coin) })
options(digits = 15, warn = -1)
read <- function(file) readLines(file.path("..", "golden", file))
lines <- read("survival.R"); eval(parse(text = lines[2:(grep("^med <- function", lines) - 1)]))  # toJ
tox <- read("toxicity.R"); eval(parse(text = tox[grep("^tight <- ", tox):(grep("^number <- ", tox) - 1)]))  # mn, exact_or: numerical searches
few <- function(v, most = 60) { v <- v[!is.na(v)]; as.numeric(head(v, most)) }
parts <- function(v, g) { p <- lapply(split(v, factor(g, levels = unique(g[!is.na(g)]))), few); p[lengths(p) > 1] }
ways <- function(n) exp(sum(lfactorial(sum(n))) - sum(lfactorial(n)))

summary_of <- function(v) {
  q <- quantile(v, c(.25, .5, .75), type = 7); m <- t.test(v)
  own <- list(n = length(v), mean = mean(v), mean_low = m$conf.int[1], mean_high = m$conf.int[2], sd = sd(v), median = unname(q[2]), q1 = unname(q[1]), q3 = unname(q[3]),
              minimum = min(v), maximum = max(v))
  if (all(v > 0) && sd(log(v)) > 0) { l <- t.test(log(v)); own <- c(own, list(geometric_mean = exp(unname(l$estimate)), geometric_low = exp(l$conf.int[1]),
    geometric_high = exp(l$conf.int[2]), gcv = 100 * sqrt(exp(var(log(v))) - 1))) }
  own
}
two_groups <- function(x, y) {
  d <- data.frame(v = c(x, y), g = factor(rep(1:2, c(length(x), length(y)))))
  exact <- ways(c(length(x), length(y))) <= 1e7; untied <- !anyDuplicated(d$v)
  w <- wilcox.test(x, y, exact = exact || (untied && max(length(x), length(y)) < 50))
  p <- if (exact && !untied) as.numeric(pvalue(wilcox_test(v ~ g, d, distribution = "exact"))) else w$p.value
  t <- t.test(x, y, var.equal = TRUE)
  own <- list(W = unname(w$statistic), rank_p = p, t = unname(t$statistic), t_df = unname(t$parameter), t_p = t$p.value)
  if (all(d$v > 0)) { l <- t.test(log(x), log(y)); own <- c(own, list(ratio = exp(unname(l$estimate[1] - l$estimate[2])), ratio_low = exp(l$conf.int[1]), ratio_high = exp(l$conf.int[2]), welch_p = l$p.value)) }
  own
}
several_groups <- function(g) {
  d <- data.frame(v = unlist(g), g = factor(rep(names(g), lengths(g)), levels = names(g))); k <- kruskal.test(v ~ g, d); fit <- aov(v ~ g, d); a <- summary(fit)[[1]]
  tukey <- TukeyHSD(fit)$g; against <- sapply(names(g)[-1], function(n) t.test(g[[n]], g[[1]], var.equal = TRUE)$p.value)
  list(H = unname(k$statistic), H_df = unname(k$parameter), H_p = if (ways(lengths(g)) > 1e7) k$p.value else NA, F = a$F[1], F_p = a$`Pr(>F)`[1],
       tukey = lapply(seq_len(nrow(tukey)), function(i) list(pair = rownames(tukey)[i], difference = tukey[i, 1], low = tukey[i, 2], high = tukey[i, 3], p = tukey[i, 4])),
       t_against = as.list(unname(against)), t_holm = as.list(unname(p.adjust(against, "holm"))))
}
newcombe <- function(x1, n1, x0, n0) {  # method 10: Wilson's limits as prop.test gives them
  a <- prop.test(x1, n1, correct = FALSE)$conf.int; b <- prop.test(x0, n0, correct = FALSE)$conf.int; p <- x1 / n1; q <- x0 / n0
  c(p - q - sqrt((p - a[1])^2 + (b[2] - q)^2), p - q + sqrt((a[2] - p)^2 + (q - b[1])^2))
}
share_of <- function(x, n) { b <- binom.test(x, n)$conf.int; list(share = x / n, low = b[1], high = b[2]) }
table_of <- function(name, data, m) {  # rows: levels; columns: groups
  m <- unclass(m); m <- m[rowSums(m) > 0, colSums(m) > 0, drop = FALSE]; if (nrow(m) < 2 || ncol(m) < 2) return(NULL)
  own <- list(name = name, data = data, counts = lapply(seq_len(nrow(m)), function(i) as.list(unname(m[i, ]))))
  own$p <- fisher.test(m, workspace = 2e8)$p.value
  own$shares <- lapply(seq_len(ncol(m)), function(j) share_of(m[1, j], sum(m[, j])))
  if (ncol(m) == 2) {
    x1 <- m[1, 2]; n1 <- sum(m[, 2]); x0 <- m[1, 1]; n0 <- sum(m[, 1])
    own <- c(own, list(difference = x1 / n1 - x0 / n0, newcombe = as.list(newcombe(x1, n1, x0, n0)), mn = as.list(mn(x1, n1, x0, n0)), odds = as.list(ifelse(is.finite(o <- exact_or(x1, n1, x0, n0)), o, NA))))
    if (nrow(m) > 2) { t <- prop.trend.test(m[, 2], rowSums(m), score = seq_len(nrow(m)) - 1); own <- c(own, list(trend = unname(t$statistic), trend_p = t$p.value)) }
  }
  own
}
correlation_of <- function(name, data, x, y) {
  keep <- !is.na(x) & !is.na(y); x <- head(as.numeric(x[keep]), 60); y <- head(as.numeric(y[keep]), 60); n <- length(x)
  r <- unname(cor.test(x, y, method = "spearman", exact = FALSE)$estimate)
  tied <- anyDuplicated(x) > 0 || anyDuplicated(y) > 0
  p <- if (n < 10 && tied) NA else cor.test(x, y, method = "spearman", exact = n < 10)$p.value
  z <- qnorm(.975) * sqrt((1 + r^2 / 2) / (n - 3))
  list(name = name, data = data, x = as.list(x), y = as.list(y), rho = r, low = tanh(atanh(r) - z), high = tanh(atanh(r) + z), p = p)
}
groups_of <- function(name, data, v, g) {
  p <- parts(v, g); own <- list(name = name, data = data, groups = lapply(p, as.list), summary = lapply(p, summary_of))
  if (length(p) == 2) own$two <- two_groups(p[[1]], p[[2]])
  if (length(p) > 2) own$several <- several_groups(p)
  own
}
high <- function(v, cut) ifelse(v > cut, "high", "low")
ch <- ChickWeight[ChickWeight$Time == 21, ]; ph <- head(pbc, 120); co <- head(colon[colon$etype == 2, ], 120); gb <- head(gbsg, 120); cg <- cgd0; gr <- function(...) groups_of(...)
message("numbers"); numbers <- list(
  gr("extra by group", "sleep", sleep$extra, sleep$group), gr("mpg by am", "mtcars", mtcars$mpg, mtcars$am), gr("hp by vs", "mtcars", mtcars$hp, mtcars$vs),
  gr("len by supp", "ToothGrowth", ToothGrowth$len, ToothGrowth$supp), gr("breaks by wool", "warpbreaks", warpbreaks$breaks, warpbreaks$wool),
  gr("uptake by Type", "CO2", CO2$uptake, CO2$Type), gr("uptake by Treatment", "CO2", CO2$uptake, CO2$Treatment), gr("age by case", "infert", infert$age, infert$case),
  gr("rate by state", "Puromycin", Puromycin$rate, Puromycin$state), gr("temp by activ", "beaver1", beaver1$temp, beaver1$activ), gr("temp by activ", "beaver2", beaver2$temp, beaver2$activ),
  gr("Fertility by Catholic", "swiss", swiss$Fertility, high(swiss$Catholic, 50)), gr("Murder by UrbanPop", "USArrests", USArrests$Murder, high(USArrests$UrbanPop, 66)),
  gr("Ozone in May and August", "airquality", airquality$Ozone[airquality$Month %in% c(5, 8)], airquality$Month[airquality$Month %in% c(5, 8)]),
  gr("eruptions by waiting", "faithful", faithful$eruptions, high(faithful$waiting, 70)), gr("dist by speed", "cars", cars$dist, high(cars$speed, 15)),
  gr("mag by depth", "quakes", quakes$mag, high(quakes$depth, 400)), gr("Volume by Girth", "trees", trees$Volume, high(trees$Girth, 13)),
  gr("stack.loss by Water.Temp", "stackloss", stackloss$stack.loss, high(stackloss$Water.Temp, 20)), gr("perm by peri", "rock", rock$perm, high(rock$peri, 2500)),
  gr("sr by pop15", "LifeCycleSavings", LifeCycleSavings$sr, high(LifeCycleSavings$pop15, 35)), gr("accel by mag", "attenu", attenu$accel, high(attenu$mag, 6)),
  gr("rating by learning", "attitude", attitude$rating, high(attitude$learning, 56)), gr("Employed by GNP", "longley", longley$Employed, high(longley$GNP, 380)),
  gr("weight by height", "women", women$weight, high(women$height, 65)), gr("yield by N", "npk", npk$yield, npk$N), gr("Girth by Height", "trees", trees$Girth, high(trees$Height, 76)),
  gr("conc of subjects 1 and 2", "Indometh", Indometh$conc[Indometh$Subject %in% 1:2], as.character(Indometh$Subject[Indometh$Subject %in% 1:2])),
  gr("circumference of trees 1 and 4", "Orange", Orange$circumference[Orange$Tree %in% c(1, 4)], as.character(Orange$Tree[Orange$Tree %in% c(1, 4)])),
  gr("height of seeds 301 and 303", "Loblolly", Loblolly$height[Loblolly$Seed %in% c(301, 303)], as.character(Loblolly$Seed[Loblolly$Seed %in% c(301, 303)])),
  gr("density of runs 1 and 2", "DNase", DNase$density[DNase$Run %in% 1:2], as.character(DNase$Run[DNase$Run %in% 1:2])),
  gr("Time by Dose", "Theoph", Theoph$conc, high(Theoph$Dose, 4.5)), gr("age by sex", "lung", lung$age, lung$sex), gr("wt.loss by sex", "lung", lung$wt.loss, lung$sex),
  gr("karno by trt", "veteran", veteran$karno, veteran$trt), gr("diagtime by prior", "veteran", veteran$diagtime, veteran$prior), gr("age by rx", "ovarian", ovarian$age, ovarian$rx),
  gr("bili by trt", "pbc", ph$bili, ph$trt), gr("platelet by sex", "pbc", ph$platelet, ph$sex), gr("age by sex", "kidney", kidney$age, kidney$sex), gr("time by x", "aml", aml$time, aml$x),
  gr("age by transplant", "jasa", jasa$age, jasa$transplant), gr("age by treat", "cgd0", cg$age, cg$treat), gr("nodes by rx", "colon", co$nodes, co$rx), gr("size by hormon", "gbsg", gb$size, gb$hormon),
  gr("alb by sex", "mgus", mgus$alb, mgus$sex), gr("hgb by sex", "mgus2", mgus2$hgb, mgus2$sex), gr("number by rx", "bladder1", bladder1$number, bladder1$treatment),
  gr("age by type", "retinopathy", retinopathy$age, retinopathy$type), gr("age by status", "stanford2", stanford2$age, stanford2$status), gr("time by rx", "rats", rats$time, rats$rx),
  gr("risk by laser", "diabetic", diabetic$risk, diabetic$laser), gr("hgb by death", "myeloid", myeloid$futime, myeloid$sex),
  gr("Ozone by Month", "airquality", airquality$Ozone, airquality$Month), gr("count by spray", "InsectSprays", InsectSprays$count, InsectSprays$spray),
  gr("Sepal.Length by Species", "iris", iris$Sepal.Length, iris$Species), gr("Petal.Width by Species", "iris", iris$Petal.Width, iris$Species), gr("weight by group", "PlantGrowth", PlantGrowth$weight, PlantGrowth$group),
  gr("weight by feed", "chickwts", chickwts$weight, chickwts$feed), gr("len by dose", "ToothGrowth", ToothGrowth$len, ToothGrowth$dose),
  gr("breaks by tension", "warpbreaks", warpbreaks$breaks, warpbreaks$tension), gr("mpg by cyl", "mtcars", mtcars$mpg, mtcars$cyl), gr("qsec by gear", "mtcars", mtcars$qsec, mtcars$gear),
  gr("weight on day 21 by Diet", "ChickWeight", ch$weight, ch$Diet), gr("decrease by treatment", "OrchardSprays", OrchardSprays$decrease, OrchardSprays$treatment), gr("Speed by Expt", "morley", morley$Speed, morley$Expt),
  gr("yield by block", "npk", npk$yield, npk$block), gr("uptake by conc", "CO2", CO2$uptake, CO2$conc), gr("karno by celltype", "veteran", veteran$karno, veteran$celltype),
  gr("age by celltype", "veteran", veteran$age, veteran$celltype), gr("age by ph.ecog", "lung", lung$age[lung$ph.ecog %in% 0:2], lung$ph.ecog[lung$ph.ecog %in% 0:2]), gr("albumin by stage", "pbc", ph$albumin, ph$stage),
  gr("time by disease", "kidney", kidney$time, kidney$disease))
tab <- function(name, data, a, b) table_of(name, data, table(a, b))
message("tables"); tables <- list(
  tab("vs by am", "mtcars", mtcars$vs, mtcars$am), tab("gear by am", "mtcars", mtcars$gear, mtcars$am), tab("cyl by gear", "mtcars", mtcars$cyl, mtcars$gear), tab("carb over 2 by vs", "mtcars", mtcars$carb > 2, mtcars$vs),
  tab("education by case", "infert", infert$education[1:120], infert$case[1:120]), tab("parity over 2 by case", "infert", infert$parity > 2, infert$case), tab("spontaneous by case", "infert", infert$spontaneous, infert$case),
  tab("status by sex", "lung", lung$status, lung$sex), tab("ph.ecog over 1 by sex", "lung", lung$ph.ecog > 1, lung$sex), tab("prior by trt", "veteran", veteran$prior, veteran$trt), tab("celltype by trt", "veteran", veteran$celltype, veteran$trt),
  tab("status by trt", "veteran", veteran$status, veteran$trt), tab("resid.ds by rx", "ovarian", ovarian$resid.ds, ovarian$rx), tab("ecog.ps by rx", "ovarian", ovarian$ecog.ps, ovarian$rx), tab("fustat by rx", "ovarian", ovarian$fustat, ovarian$rx),
  tab("sex by disease", "kidney", kidney$sex, kidney$disease), tab("status by sex", "kidney", kidney$status, kidney$sex), tab("sex by treat", "cgd0", cg$sex, cg$treat), tab("inherit by treat", "cgd0", cg$inherit, cg$treat), tab("propylac by treat", "cgd0", cg$propylac, cg$treat),
  tab("surgery by transplant", "jasa", jasa$surgery, jasa$transplant), tab("fustat by transplant", "jasa", jasa$fustat, jasa$transplant), tab("status by x", "aml", aml$status, aml$x), tab("pcdx by sex", "mgus", mgus$pcdx, mgus$sex), tab("death by sex", "mgus", mgus$death, mgus$sex),
  tab("edema by trt", "pbc", ph$edema, ph$trt), tab("hepato by trt", "pbc", ph$hepato, ph$trt), tab("ascites by trt", "pbc", ph$ascites, ph$trt), tab("stage by trt", "pbc", ph$stage, ph$trt), tab("spiders by sex", "pbc", ph$spiders, ph$sex),
  tab("obstruct by sex", "colon", co$obstruct, co$sex), tab("differ by sex", "colon", co$differ, co$sex), tab("extent by sex", "colon", co$extent, co$sex), tab("meno by hormon", "gbsg", gb$meno, gb$hormon), tab("grade by hormon", "gbsg", gb$grade, gb$hormon), tab("status by hormon", "gbsg", gb$status, gb$hormon),
  tab("status by rx", "rats", rats$status, rats$rx), tab("trt by type", "retinopathy", retinopathy$status[1:120], retinopathy$type[1:120]), tab("laser by status", "diabetic", diabetic$laser[1:120], diabetic$status[1:120]),
  tab("admitted in A by sex", "UCBAdmissions", rep(c("yes", "no", "yes", "no"), c(89, 19, 51, 31)), rep(c("f", "f", "m", "m"), c(89, 19, 51, 31))), tab("status by treatment", "bladder1", bladder1$status[1:120], bladder1$treatment[1:120]),
  tab("activity by day", "beaver2", beaver2$activ, beaver2$day), tab("tension by many breaks", "warpbreaks", warpbreaks$tension, warpbreaks$breaks > 26), tab("dose by long", "ToothGrowth", ToothGrowth$dose, ToothGrowth$len > 19),
  table_of("CRS of the paper", "synthetic cohort", rbind(c(8, 4), c(0, 4))), table_of("nobody in one group", "made", rbind(c(0, 3), c(8, 5))), table_of("everybody in one", "made", rbind(c(8, 6), c(0, 2))))
pair <- correlation_of
message("correlations"); correlations <- list(
  pair("mpg and wt", "mtcars", mtcars$mpg, mtcars$wt), pair("hp and qsec", "mtcars", mtcars$hp, mtcars$qsec), pair("speed and dist", "cars", cars$speed, cars$dist), pair("eruptions and waiting", "faithful", faithful$eruptions, faithful$waiting),
  pair("Ozone and Temp", "airquality", airquality$Ozone, airquality$Temp), pair("Wind and Temp", "airquality", airquality$Wind, airquality$Temp), pair("Fertility and Education", "swiss", swiss$Fertility, swiss$Education), pair("Girth and Volume", "trees", trees$Girth, trees$Volume),
  pair("Air.Flow and stack.loss", "stackloss", stackloss$Air.Flow, stackloss$stack.loss), pair("rating and complaints", "attitude", attitude$rating, attitude$complaints), pair("sr and dpi", "LifeCycleSavings", LifeCycleSavings$sr, LifeCycleSavings$dpi),
  pair("Unemployed and Armed.Forces", "longley", longley$Unemployed, longley$Armed.Forces), pair("area and perm", "rock", rock$area, rock$perm), pair("Murder and Assault", "USArrests", USArrests$Murder, USArrests$Assault), pair("depth and mag", "quakes", quakes$depth, quakes$mag),
  pair("Sepal.Length and Petal.Length", "iris", iris$Sepal.Length, iris$Petal.Length), pair("age and time", "lung", lung$age, lung$time), pair("karno and time", "veteran", veteran$karno, veteran$time), pair("age and futime", "ovarian", ovarian$age, ovarian$futime),
  pair("bili and albumin", "pbc", ph$bili, ph$albumin), pair("copper and ast", "pbc", ph$copper, ph$ast), pair("size and nodes", "gbsg", gb$size, gb$nodes), pair("alb and hgb", "mgus", mgus$alb, mgus$hgb), pair("age and t5", "stanford2", stanford2$age, stanford2$t5),
  pair("eight trees", "trees", trees$Girth[1:8] + (1:8) / 100, trees$Volume[1:8]), pair("eight years", "longley", longley$GNP[1:8], longley$Unemployed[1:8]), pair("seven states", "USArrests", USArrests$Murder[2:8], USArrests$Assault[2:8]))
message("adjust"); adjust <- lapply(list(c(0.0769, 0.2821, 0.4667, 1e-4, 1e-4, 1), c(0.04, 0.03, 0.02, 0.01), c(0.5, 0.001, 0.2), c(0.011, 0.02, 0.02, 0.9, 0.05, 0.6, 0.3)),
  function(p) list(p = as.list(p), holm = as.list(p.adjust(p, "holm")), bh = as.list(p.adjust(p, "BH"))))
incidence <- lapply(list(female = mgus2[mgus2$sex == "F", ], male = mgus2[mgus2$sex == "M", ]), function(d) {
  d <- head(d, 150); time <- ifelse(d$pstat == 0, d$futime, d$ptime); cause <- ifelse(d$pstat == 0, 2 * d$death, 1)
  f <- survfit(Surv(time, factor(cause, 0:2)) ~ 1, conf.type = "log-log"); s <- summary(f); at <- function(v) { w <- which(v >= 0.5 - 1e-9); if (length(w)) s$time[w[1]] else NA }
  list(time = as.list(time), cause = as.list(cause), median = at(s$pstate[, 3]), low = at(s$upper[, 3]), high = at(s$lower[, 3]))
})
cat(toJ(list(meta = list(R = R.version.string, survival = as.character(packageVersion("survival")), coin = as.character(packageVersion("coin"))),
  numbers = numbers, tables = Filter(Negate(is.null), tables), correlations = correlations, adjust = adjust, incidence = unname(incidence))), file = "statistics.json")
