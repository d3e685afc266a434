# Several groups of an assay: rank tests of pairs (Dunn by rstatix, Conover-Iman by its formula), ANOVA, Tukey, Dunnett, t.
# Rscript several_groups.R, in this folder; needs rstatix 0.7.2 and multcomp 1.4-22. Writes golden_several_groups.json.
suppressMessages({library(rstatix); library(multcomp); library(jsonlite)})
air <- airquality[!is.na(airquality$Ozone), ]
sets <- list(
  airquality_ozone = data.frame(v = air$Ozone, g = factor(air$Month)),
  hollander_wolfe = data.frame(v = c(2.9, 3, 2.5, 2.6, 3.2, 3.8, 2.7, 4, 2.4, 2.8, 3.4, 3.7, 2.2, 2), g = factor(rep(c("a", "b", "c"), c(5, 4, 5)))),
  ties = data.frame(v = c(1, 2, 3, 5, 1, 12, 31, 54, 10, 12, 6, 74, 11), g = factor(rep(c("a", "b", "c"), c(5, 3, 5)))),
  plant_growth = data.frame(v = PlantGrowth$weight, g = PlantGrowth$group),
  triplicates = data.frame(v = c(60.1, 61.3, 58.9, 65.2, 66.8, 64.9, 70.4, 69.1, 71.7, 72.3, 70.9, 73.8, 61.2, 63.4, 60.6),
    g = factor(rep(c("0", "1", "2.5", "5", "10"), each = 3), levels = c("0", "1", "2.5", "5", "10"))))

conover <- function(d) {  # Conover & Iman 1979, as in conover.test 1.1.6
  r <- rank(d$v); n <- length(r); k <- nlevels(d$g); S2 <- (sum(r^2) - n * (n + 1)^2 / 4) / (n - 1)
  H <- unname(kruskal.test(v ~ g, d)$statistic); m <- tapply(r, d$g, mean); ni <- table(d$g)
  pairs <- combn(levels(d$g), 2)
  t <- apply(pairs, 2, function(x) (m[[x[1]]] - m[[x[2]]]) / sqrt(S2 * (n - 1 - H) / (n - k) * (1 / ni[[x[1]]] + 1 / ni[[x[2]]])))
  p <- 2 * pt(-abs(t), n - k)
  list(statistic = t, df = n - k, p = p, holm = p.adjust(p, "holm"), bonferroni = p.adjust(p, "bonferroni")) }
dunn <- function(d) {
  x <- as.data.frame(dunn_test(d, v ~ g, p.adjust.method = "holm"))
  b <- as.data.frame(dunn_test(d, v ~ g, p.adjust.method = "bonferroni"))
  list(pairs = unname(Map(c, x$group1, x$group2)), statistic = -x$statistic, p = x$p, holm = x$p.adj, bonferroni = b$p.adj) }
anova_of <- function(d) { s <- summary(aov(v ~ g, d))[[1]]; list(F = s$`F value`[1], df = s$Df, p = s$`Pr(>F)`[1]) }
tukey <- function(d) {  # R's differences are later minus earlier level; rows named "later-earlier"
  x <- TukeyHSD(aov(v ~ g, d), ordered = FALSE)$g
  list(difference = -unname(x[, "diff"]), low = -unname(x[, "upr"]), high = -unname(x[, "lwr"]), p = unname(x[, "p adj"])) }
dunnett <- function(d) {  # multivariate t integrated to 1e-6, its limits to 1e-4; differences are level minus control (the first level)
  set.seed(1); fit <- glht(aov(v ~ g, d), linfct = mcp(g = "Dunnett"));
  x <- summary(fit, test = adjusted(type = "single-step", maxpts = 2e6, abseps = 1e-6))$test
  ci <- confint(fit, calpha = adjusted_calpha(maxpts = 2e5, abseps = 1e-4))$confint
  list(difference = unname(x$coefficients), t = unname(x$tstat), p = as.numeric(x$pvalues), low = unname(ci[, "lwr"]), high = unname(ci[, "upr"])) }
student <- function(d) {
  control <- d$v[d$g == levels(d$g)[1]]
  found <- lapply(levels(d$g)[-1], function(l) t.test(d$v[d$g == l], control, var.equal = TRUE))
  p <- sapply(found, `[[`, "p.value")
  list(t = unname(sapply(found, `[[`, "statistic")), p = p, holm = p.adjust(p, "holm")) }
one <- function(d) { k <- kruskal.test(v ~ g, d)
  list(names = levels(d$g), groups = unname(split(d$v, d$g)), kruskal_wallis = list(H = unname(k$statistic), df = unname(k$parameter), p = k$p.value),
    dunn = dunn(d), conover = conover(d), anova = anova_of(d), tukey = tukey(d), dunnett = dunnett(d), student_t = student(d)) }
found <- lapply(sets, one)
meta <- list(R = R.version.string, rstatix = as.character(packageVersion("rstatix")), multcomp = as.character(packageVersion("multcomp")))
write(toJSON(c(list(meta = meta), found), auto_unbox = TRUE, digits = NA, pretty = FALSE), "golden_several_groups.json")
