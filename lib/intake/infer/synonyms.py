"""What headers are called, role by role, in English, German, French, Spanish and Chinese; compared with Heading.key.

Roles are "table.column" of the schema, or finer names of patient columns. First match wins; values must agree
(value_pattern.py).

What columns of event tables are called (adverse events, responses, labs, kinetics, therapies ...), by table; compared
with Heading.key.

Where the same words name a day or a date, the values decide: a role that ends in "_time" becomes "_day" or "_date".
"""

import re
from typing import Final

from lib.intake.mapping import Words as Words  # noqa: PLC0414

_WHO = (
    r"(patient(en|in|s|e)?|pats?|pts?|subjects?|subj|participant|person|proband(en)?|pacientes?|pazient[ei]|pacjent(a|ka|ki|ow)?|chor(y|ego|ej)|sujet|sujetos?|soggetto|"
    r"deelnemers?|hasta|환자|пациент\w*|больной|患者|病例|病人|受试者|受試者|研究对象|症例|被験者)"
)
_WHAT = (
    r"(ids?|nrs?|nos?|n|n_?o|num|number|code|short|identifier|identifiant|identification|kennung|kennziffer|nummer|kurzel|codigo|codice|numer|kod|barcode|label|"
    r"key|ref|numero|matricule|pseudonym|编号|编码|号|号码|번호|номер|代码|代号|番号|識別|コート|id号)"
)
PATIENT_ID: Final = re.compile(
    rf"(unique_|trial_|study_|anonymi[sz]ed_)?({_WHAT}_?(du_|de_|do_|da_|del_|della_|dell_|des_|der_|of_(the_)?)?)?{_WHO}(_s)?(_?{_WHAT}){{0,2}}|"
    rf"{_WHO}_(study|trial|research|studien|registry)_{_WHAT}|us_?ubj_?id|subj_?id|upn"
)
EXACT_ID: Final = ("usubjid", "patient_id")
CODE_HEADING: Final = re.compile(  # a code, most often of the patient
    r"(?!site|cent|ward|unit|bed|drug|gene|lab|dose|arm|group|visit|covid|valid|solid|rapid|lipid|avid|acid|paid|fluid|void|sample)"
    r"(ids?|identifi(ers?|ants?|cador|cativo|cation)|matricule|expediente|[a-z]{1,4}_?id|unique_?(id|no|nr|number)|pseudonym\w*|kurzel|kennung|kennziffer|(\w+_)?redcap_?id|public_id|codes?|codigo|codice|cases?|fall|cas|caso|"
    r"(case|fall|record|screening|randomi[sz](ed|ation)|randomisierungs?|enrol\w*|study|studien|trial|registry|registration|inclusion|"
    r"crf|chart|cart|car_t|etude|estudio|studio)_?(id|nr|no|n|num|number|nummer|code|codigo)|\w+_patient_(id|barcode|code)|barcode|\w+_barcode|"
    r"(n|no|nr|num(ero|ber)?)_(d_|de_|du_|di_|of_)?(inclusion\w*|registr\w+|etude|estudio|studio|screening|enrol\w*|randomi[sz]a\w*)|"
    r"编号|代码|id号|(研究|登记|入组|筛选|病历|登録|識別|研究用)(编号|号|id|番号|代码))"
)
WEAK_ID: Final = re.compile(  # may be a patient, or a row, a sample, a trial
    r"enrol(l?ment)?|inclusion|screening|registration|inclusie|einschluss|(lfd|lauf|s|sr|serial|row|line|running)?_?(no|nr|n|num|number|nummer|numero)|序号|序號|番号|study|studie|trial|record|name|"
    r"(sample|specimen|probe|proben|aliquot|tube)(_?(id|nr|no|num|number|code|nummer|barcode))?|样本(编号|号)?|検体番号"
)
PRIVATE_MORE: Final = re.compile(
    r"(^|_)(invnam|inv_name|brth_?dt\w*|birth\w*|dob|fecha_(de_)?nacimiento|date_(de_)?naissance|ne_le|nacimiento|naissance|"
    r"geboren|vorname|nachname|apellidos?|nombres?|nom|prenom|direccion|strasse|telefono|telefoon|tel|indirizzo|domicilio|cognome|achternaam|voornaam|voorletters|initials|initialen|initiales|iniziali|f_nac|d_o_b|ddn|yob|"
    r"nascita|nato_il|nata_il|data_nasc|nasc|date_naiss|naiss|ne_e_le|geboorte\w*|jahrgang|nss|bsn|ahv\w*|codice_fiscale|aktenzeichen|hosp(ital)?_(no|nr|number)|krankenkasse|versicherten\w*|"
    r"nhc|historia_clinica|ipp|nip|arzt|physician|investigator)(_|$)|^(nome|naam)(_(e_)?cognome|_paziente)?$|姓名|出生|身份证|住院号|病历号|病案号|电话|地址|联系方式"
)
NOT_PRIVATE: Final = re.compile(
    r"^name_of_(the_)?\w*(product|drug|regimen|therapy|study|trial|cent(re|er))|(^|_)nombre_d\w*_(lignes?|traitements?|therapies|greffes?|cures?|cycles?|jours?|copies|cellules|perfusions|injections|lesions?|sites?)(_|$)|(toxicity|adverse_event|ae|reaction|lab|marker|antigen|response|endpoint|arm|group|cohort|drug|therapy|regimen|product|test|event|visit|analyte|param|study|gene|term|cell|assay|treatment|centre|site)_?name"
)

PATIENT_ROLES: Final = tuple(
    (role, re.compile(pattern)) for role, pattern in (
        ("patients.covariate", r"donor_.*|.*_donor|spender_.*|(time|zeit|interval|days?|months?|diag\w*)_.*transplant.*|diag_?time|dx_?yr|.*_?height|.*weight|wt_loss"),
        ("patients.age_group", r"age_?gr(ou)?p?\w*|age_?cat\w*|age_class|altersgruppe|groupe_d_age|grupo_edad|年龄组|年龄分组"),
        ("patients.age_years", r"age|age_(at|y|yr|in)\w*|age_\w+|\w+_age|alter|alter_\w+|edad(_.*)?|eta(_(alla|al|all|dalla)_\w+)?|leeftijd(_.*)?|wiek(_.*)?|idade(_.*)?|yas(_.*)?|alder|나이|возраст|年龄.*|年齢.*|patientenalter"),
        ("patients.sex", r"sex|gender|m_f|f_m|geschlecht|geslacht|sexe|sexo|sesso|genero|plec|płec|性别|性別|성별|пол|kon|cinsiyet|sex_\w+|patient_sex"),
        ("patients.race", r"race|race_?gr\w*|rasse|种族|raza"),
        ("patients.covariate", r"ethnic\w*|ethnie|民族"),
        ("patients.prior_asct", r"((prior|previous|history_of|pre|vorherige|fruhere|precedente?|previo)_?)?(asct|a_?hsct|aszt|auto_?(sct|hsct|hct|tx)|auto(log\w*)?_(stem_?cell_|hsc_)?trans?plant\w*(_prior)?|autologe_(stammzell)?transplantation|autogreffe|autotrasplante|trasplante_autologo|trapianto_autologo|transplante_autologo)(_anterieure?|_previ[oa]|_precedente|_anterior)?(_yes_no|_y_n|_ja_nein|_oui_non|_s[ei]?_no?)?|(既往)?自体(干细胞)?移植|自家移植"),
        ("patients.prior_lines", r"((n|no|nr|num|number|anzahl|nombre|nb|numero)_?(of_|de_|der_|d_)?)?(prior|previous|pre|earlier)_?(lines?|therap(y|ies)|treatments?|regimens?|tx|lot|systemic_\w+|(lines?|number)_of_\w+)?(_lines?|_n|_number|_count|_of_(therapy|treatment))?|lines?(_of_(prior_)?(therapy|treatment))?|(n|no|nr|number_of|num)_?(prior_|previous_)?(lines|therapies|regimens|treatments)(_of_\w+)?|lot|.*vortherapien?|vorbehandl\w*|.*therapielinien|(nb_|nombre_de_)?lignes.*|lineas_.*|.*previ[ao]s?|linee_.*|.*linee_(di_)?(terapi\w*|precedenti)|(aantal_)?(eerdere_)?(behandel)?lijnen|既往.*|前线.*|.*线数"),
        ("patients.population", r"(saf|itt|eff|enrl|rand|pp|fas|mitt|comp)_?fl|safety_population|itt"),
        ("patients.performance_status", r"(\w+_)?(ecog|karno\w*|kps|who_ps|performance_status)(_\w+)?|ps|体能.*|一般状况"),
        ("patients.high_risk_cytogenetics", r"(high_?risk|hochrisiko|hr(?=_[cz]))(_(cyto|zyto|fish)\w*|_ca)?(_yes_no|_y_n)?|hrca|(c[iy]to\w*_)?((a|ad|de|d)_)?(alto|haut)_(riesgo|risque|rischio)(_c[iy]to\w*)?|c[iy]to\w*_risk|高危(细胞遗传学)?"),
        ("patients.emd", r"(emd|extram[ei]d\w*(_(disease|erkrankung|befall))?|(maladie|enfermedad|malattia|localisation|plasmocitoma)_extram[ei]d\w*)(_(at|bei|a_la|al|all)_\w+)?(_yes_no|_y_n)?|髓外.*"),
        ("patients.cytogenetics", r".*(c[yi]to_?gen|karyot|zytogen|molecular_(group|sub|class)|分子|1q|17p|del_?13|t_4_14|t_14_16|t_11_14|遗传|荧光原位|igh).*|fish(_.*)?"),
        ("patients.stage", r"(\w+_)?stages?(_\w+)?|r_?2?_?iss(_\w+)?|iss|(tumor|krankheits)?stadium|estadio|stade|分期.*|.*分期|durie.*|extent"),
        ("patients.diagnosis", r"diagnos(is|e)(_type)?|diagnostico|diagnostic|cell_?type|histolog\w*|disease(_type)?|tumou?r_type|entity|subsite|icd.*|诊断|疾病类型|dx"),
        ("patients.site", r"site(_?id)?|inst(itution)?|cent(er|re)(_?id)?|zentrum|klinik|hospital|centro|医院|中心"),
        ("patients.disease_status", r"disease_status|status_(before|at)_(?!(the_)?(last|latest|final|fu|follow|death|end|data|cut|letzt|derni|ultim))\w+|疾病状态"),
        ("patients.arm", r"(planned_|treatment_|study_)?arm(_?cd|_code)?|act_?arm_?(cd)?|trt(01)?_?[pa]?n?|rx|treat(ment)?(_(group|arm))?|(study_)?group|gruppe|studienarm|therapiearm|behandlung(s(arm|gruppe))?|cohorte?|kohorte|bras(_de_traitement)?|brazo|braco|grupo|groupe|traitement|tratamiento|dose_?class|dose_?(level_)?group|(cart?_)?(product|produkt|produit|producto|prodotto)|maintenance|erhaltung(stherapie)?|hormon\w*therap\w*|randomi[sz]\w*|治疗组.*|治疗方案|分组|组别|産品|产品|製品|群|治療群|投与群|コホート|trattamento|gruppo|braccio|coorte|groep|grupa|ramie(_leczenia)?|kohorta|behandelarm|hormon_?therapie"),
        ("patients.off_study_reason", r"(reason|grund)_.*(off|discont|end|ende).*|.*(off_study|discontinuation|end_of_study)_?(reason)?|dcs_?reas|eos_?reas\w*"),
        ("patients.follow_up", r"(weeks|days|months)_(on_study|on_trial)|time_on_study|follow_?up_(weeks|days|months)"),
    )
)  # fmt: skip

DATE_ROLES: Final = tuple(
    (role, re.compile(pattern)) for role, pattern in (
        ("patients.progression_date", r"prog|relaps|recur|rezidiv|recidi|rechute|recaid|(^|_)pd(_|$)|进展|复发"),
        ("patients.death_date", r"death|dead|dth|died|(^|_)dod(_|$)|tod(es)?|sterbe|verst|dece|muerte|falleci|exitus|overlij|overled|morte|zgon|obito|smierc|śmierc|olum|^dod(s_?datum)?$|avlid|смерт|사망|死亡"),
        ("patients.last_contact_date", r"last|(^|_)(dolf|dolfu|dlfu|dolc|dlc)(_|$)|(?<!first_)contact(?!_(tracing|lens))|rfpendtc|lfu|lst_?alv|(^|_)fu(_|$)|follow_?up|letzt|derni|ultim|nouvelles|laatste|seguimiento|ostatni|(^|_)son_|senaste|последн|최종|추적|末次|随访|最終|最终|alive"),
        ("endpoints.start_date", r"diagnos|诊断"),
        ("patients.infusion_date", r"infus|(^|_)doi(_|$)|infuz|perfus|(^|_)inf_?(date|dtm?)(_|$)|(^|_)date_(of_)?inf(_|$)|cart|car_t|(^|_)[dj]0(_|$)|(day|tag|jour|dia|giorno|dag)_?0(_|$)|on_?study|regist|enrol|random|rand_?dt|trt(01)?_?sdtm?|rfx?st|ap01sdtm|start|begin|inclu|baseline|transplant|输注|回输|輸注|投与|reinjection|reinfus|^(date|data|fecha|datum)_(d_|de_|of_|der_)?injection$|^injection_date$"),
    )
)  # fmt: skip

OF_COURSE: Final = re.compile(  # a date of the patient's course, which is no time of an assessment or an event
    r"infus|infuz|инфузи|주입|perfus|输注|回输|输入|輸注|投与|diagnos|诊断|transplant|birth|^(date|datum|fecha|data|dt)_(of_|de_|du_|d_|del_|der_)?(car_?ts?|cart?_(cells?|zell\w*)|car_t_(cells?|zell\w*)|d0|day_?0|(re)?injection)$|^(car_?t|d0|day_?0|(re)?injection)_(date|datum|fecha|data|dt)$|"
    + "|".join(
        each.pattern for role, each in DATE_ROLES if role in ("patients.death_date", "patients.last_contact_date")
    )
)
ENDPOINTS: Final = tuple(
    (name, re.compile(pattern)) for name, pattern in (
        ("pfs", r"(^|_)intx_?pfs|(^|_)(ttc?|cens)_?pfs(_|$)|(^|_)(pfs\d?|pfss|slp|ssp)(_|$)|(progres|progred|rezidiv|relaps)\w*_(or|and_or|oder|ou|o|of)_(dead|death|died|tod|tot|deces|decesso|muerte|exitus|mort\w*)|(dead|death|died|tod|deces|muerte|mort\w*|decesso|exitus)_(or|and_or|oder|ou|o|of)_(progres|progred)\w*|progress\w*_free|progressionsfrei|sans_progression|libre_de_progresion|libera_da_progressione|progressievrij|无进展"),
        ("efs", r"(^|_)efs\d?(_|$)|event_free|无事件"),
        ("dfs", r"(^|_)intx_?dfs|(^|_)dfs\d?(_|$)|disease_free|无病"),
        ("rfs", r"(^|_)rfs(_|$)|(recurrence|relapse)_free|rezidivfrei|无复发"),
        ("ttp", r"(^|_)ttp(_|$)|time_to_prog|zeit_bis_prog|(^|_)ttpd(_|$)|疾病进展时间"),
        ("dor", r"(^|_)(dor|rsd|crsd)(_|$)|duration_of_.*response|remissionsdauer|缓解持续"),
        ("ttnt", r"(^|_)ttnt(_|$)|next_treatment"),
        ("ttr", r"(^|_)ttr(_|$)|time_to_recurrence"),
        ("nrm", r"(^|_)nrm(_|$)|non_relapse_mort"),
        ("os", r"(^|_)os\d?(_|$)|(^|_)(ttc?|cens)_?os(_|$)|(^|_)intx_?surv|^srv(_?stat)?$|^sg_(desde|depuis|a_partir|dal|dalla)_|^sg(_(meses|mois|dias|jours|mesi|giorni|semaines|semanas|settimane|annees|ans|anos|anni|months|days|weeks|years|evento?|event|evenement|status|estado))?$|overall_survival|gesamtuberleben|uberlebenszeit|sobrevida_global|genel_sa[gğ]kal[ıi]m|prze[zż]ycie_ca[lł]kowite|survie_globale|supervivencia(_global)?|总生存|全生存|(^|_)(death|dead|died|deceased|alive|living|lebt|vivant|vital|vitalstatus|uberlebensstatus|tod|verstorben|gestorben|deces|decede|muerte|muert[oa]|fallecid[oa]|mort|mort[eoa]|decesso|decedut[oa]|overleden|overlijden|overleving|levend|sopravvivenza|zgon|zgonu|obito|zmarl[ay]?|zmarł[ay]?|zyje|exitus|surviving|survived|am_leben|en_vie|in_vita|in_leven|leeft)(_|$)|^(tot|viv[oa]|生存)(_|$)|健在|死亡|生存状态|生存状態|転帰|存活|survival(_(time|months|days|status))?$|^survival_(from|since|after|post)_"),
    )
)  # fmt: skip
TIME_WORD: Final = re.compile(
    r"(^|_)(time|zeit|tiempo|temps|tijd|tempo|dauer|duree|durata|duracion|duur|fu_?time|fut_?ime|months|days|weeks|monate|tage|wochen|monaten|tagen|mois|jours|meses|dias|mesi|giorni|maanden|dagen|weken|miesiace|miesiecy|dni|uberlebenszeit)(_|$)|(^|_)intx|(^|_)ttc?_?(os|pfs)(_|$)|时间|期間|生存期|time$|survival|uberleben|survie|supervivencia|sopravvivenza|overleving"
)
EVENT_WORD: Final = re.compile(
    r"(^|_)(status|event|events?|cens(or(ed|ing)?)?|cnsr|stat|ereignis|evento|evenement|etat|estado|stato|gebeurtenis|zensiert|censuur|censura|censure)(_|$)|stat(us)?$|状态|状態|転帰|事件|结局|删失"
)
GENERIC_TIME: Final = re.compile(
    r"(\w_?)?time|fu_?time|t|zeit|tiempo|temps|tijd|tempo|follow_?up(_time)?|(surv|survival)_?(time|months|days)?|months|days|时间|随访时间|生存时间|生存期|beobachtungszeit|uberleben(szeit)?|survival|survie|supervivencia|sopravvivenza|overleving|生存|nachbeobachtung(szeit)?|suivi|seguimiento"
)
GENERIC_EVENT: Final = re.compile(
    r"(\w_?)?stat(us)?|fu_?stat(us)?|event|cens(or(ed)?)?|cnsr|ereignis|evento|evenement|结局|事件|状态|estado|etat(_final)?|statut|stato|gebeurtenis|outcome|durum|censure|転帰|状態"
)
FOLLOW_UP: Final = re.compile(
    r"fu(_?(time|days?|months?|years?|mo|d|m|y))?|(time|days|weeks|months|years|monate|tage)_(of_|in_|der_)?(fu|follow_?up|beobachtung|nachbeobachtung)|follow_?up\w*|beobachtung\w*|nachbeobachtung\w*|随访时间|suivi|seguimiento|last_follow_?up"
)

_SPAN = r"(time|delai|intervallo?|days?|weeks?|months?|years?|tage|wochen|monate|zeit|jours|mois|temps|dias|meses|tiempo|giorni|mesi|dagen|maanden|miesiace|dni|dy|天|天数)"
_TO = r"(to|till|until|bis|bis_zum?|jusqu_?\w*|hasta|fino_a\w*|tot|a|al|from_\w+_to)"
_DEATH = r"(death|dead|dth|died|tod|todes\w*|deces|mort|muerte|morte|decesso|exitus|overlijden|zgonu?)"
_LAST = r"((last_?|letzte[rmns]?_?|derniere?s?_?|ultim[oa]_?|laatste_?)?(follow_?up|fu|lfu|contact|kontakt|known_alive|nouvelles|suivi|seguimiento|contacto|visit\w*|beobachtung|contatto)(_date)?|last)"
TIME_TO_DEATH: Final = re.compile(
    rf"{_SPAN}_{_TO}_{_DEATH}|{_DEATH}_{_SPAN}|{_SPAN}_{_DEATH}|(至|到)?死亡(时间|天数|日数|月数)|距死亡\w*"
)
FOLLOWED_TO: Final = re.compile(
    rf"{_SPAN}_{_TO}_(the_)?{_LAST}|{_LAST}_{_SPAN}|{_SPAN}_(of_)?{_LAST}|(至|到)?(末次)?(随访|観察)(时间|天数|日数|月数|期間)"
)
VITAL_NAME: Final = re.compile(
    r"durum|статус|dod|사망(_여부)?|생존(_여부)?|os_event|(vital|survival|life|living|os|patient|current|last|final|follow_?up|fu|uberlebens?|lebens)?_?(status|stat|state|zustand|outcome)(_at_\w+|_last_\w+|_code|_cd)?|"
    r"((is|the|still|currently|patient|subject|recipient)_)*(dead|death|died|deceased|alive|verstorben|gestorben|tod|tot|decede\w*|deces|mort|etat(_vital|_aux_\w+)?|statut(_vital)?|estado(_vital)?|"
    r"fallecid[oa]|muert[eo]|exitus|mort[oa]|uberlebend|am_leben|vivo|stato(_vitale|_in_vita)?|decedut[oa]|decesso|overleden|vitale_status|vitalstatus|lebt(_noch)?|living|vivant|viv[oa]|en_vie|levend|in_leven|zgon|zmarl[ay]?|zmarł[ay]?|zyje)(_yes_no|_y_n|_ja_nein|_j_n|_oui_non|_o_n|_s[ei]?_n[o]?|_(0|1)_(0|1)|_at_\w+|_last_\w+)?|"
    r"(生存|存活|死亡|生命)(状态|状態|与否)?|是否(死亡|存活)|転帰|结局"
)

LAB_TESTS: Final = re.compile(
    r"(anc|neut\w*|neu|alc|lym\w*|ly|hb|hgb|ha?emoglobin\w*|hamoglobin|plt|platelets?|thrombo\w*|trombo\w*|plaquett\w*|plaquetas|piastrin\w*|emoglobin\w*|wbc|wcc|leu[kc]o\w*|alt|gpt|"
    r"ast|got|crp|c_reactive\w*|ferritin\w*|ldh|il_?\d+|fibrinogen\w*|bili\w*|chol\w*|albumin\w*|alk_?phos\w*|alp|creat\w*|krea\w*|"
    r"pro(t|thrombin)?_?time|inr|quick|calcium|ca|m_?spike|m_?protein|ig[agm]|(kappa|lambda)(_?flc)?|flc|d_?dimer\w*|gluc\w*|urea|ggt|trig\w*|copper|"
    r"cd_?(3|4|8|19|20|56)(_?(pos\w*|t_?cells?))?|[bt]_?cells?|nk(_?cells?)?|b2m|beta_?2.*|tnf\w*|ifn\w*|procalc\w*|pct|血红蛋白|白细胞\w*|中性粒\w*|淋巴\w*|血小板\w*|铁蛋白|c反应蛋白|hematies|eosin\w*|mono\w*)(_\w+)?"
)
KINETICS_WORD: Final = re.compile(
    r"cop(y|ies)|(^|_)vcn|transgen|(^|_)(ddpcr|qpcr)|(^|_)conc(entration)?(_|$)|konzentration|拷贝|car_?t?_?(pos|abs|cells|dna|copies|level|expansion)|kopien|cart_?vcn|chimeric|(^|_)car(_|$)"
)
LESION: Final = re.compile(
    r"del_?17p?(_13)?|del_17_?p.*|17p(_?del\w*)?|(del_)?tp_?53(_del\w*|_loss|_mut\w*)?|p53(_del\w*)?|t_?4_14.*|t_?14_16.*|t_?14_20.*|(gain|amp|dup)?_?\(?1q(21)?(_(gain|amp|plus|status))?|(gain|amp)_?1_?q\w*|chr1q21_status|1q21.*|igh_(nsd2|fgfr3|maf\w*)|cks1b\w*|del_?1p(32)?|17p.*缺失"
)


_SDTM = r"(lb|rs|vs|pc|tr|ex|cm|ae|mb|mk|cp|is|pr|qs|ce|fa)"
_DATE = (
    rf"{_SDTM}dtc|"
    r"collected(_\w+)?|drawn(_\w+)?|(sample|specimen|collection)_(taken|time|collected|drawn)(_\w+)?|adtm?|.*date|.*date_?time|.*_dttm|date_.*|.*datum|datum.*|fecha.*|data(_.*)?|日期|.*日期|.*_?dtc|.*_dt|(a|ae|lb|pc|cp|cm|ex|rs|tr)(st|en)?_?dtm?n?"
)
_DAY = (
    rf"{_SDTM}_?dy|"
    r"(visit|time_?point|nominal|assessment|response|resp|lab|labor|labs|scan|sampl\w+|evaluation|staging|restaging|draw|collection|blood|measurement)_?(study_)?days?|dp[it]|"
    r"a_?dy|study_?day|(rel(ative)?_)?days?|tag|jours?|dias?|giorn[oi]|dag(en)?|dzien|dni|(tag|jour|dia|giorno|dag)_(post|na|nach|apres|dopo|despues|tras|sinds|seit|d[aei]l?)_\w+|time|zeit|temps|tiempo|天数|日数|天|时间|.*_dy|time_(from|since|after)_\w+|(hours?|weeks?|months?|h|stunden|tage|wochen|monate|heures|jours|semaines|mois|horas|semanas|meses|ore|giorni|settimane|mesi)_(post|after|since|from|nach|seit|apres|depuis|despues|desde|tras|dopo|da[li]?)_\w+|monate?|wochen?|semaines?|mois|semanas?|mes(es)?|mesi|settimane?|day_\w+|stunden|hours?|weeks?|months?|d|tag_nach.*|(dia|tag|jour|giorno|dag)_post|days_(post|after|since).*|jour_.*"
)
START: Final = (
    rf"{_SDTM}st(dy|dtc)|"
    r"(?!.*gra[du])(.*_)?(onset|start|begin|beginn|auftreten|debut|apparition|inicio|aparicion|inizio|insorgenza|aanvang|ontstaan|poczatek)(_.*)?|発現.*|a_?st_?dy|a_?st_?dtm?|ae_?st_?dtc|ae_?st_?dy|.*起始.*|开始.*|发生.*"
)
STOP: Final = (
    rf"{_SDTM}en(dy|dtc)|"
    r"(.*_)?(end|stop|ende|fin|fine|einde|resol\w+|risol\w+|abgeklungen)(_.*)?|a_?en_?dy|a_?en_?dtm?|ae_?en_?dtc|ae_?en_?dy|trt_?edtm?|结束.*|end_?trt"
)
_ONGOING = r"contin\w*|ongoing\w*|andauernd|持续|en_cours|.*_ongoing"
_NTH_INFUSION = r"(re_?)?(infusion|infusao|perfusion|inf)_?(no|nr|num\w*|n|id|index)|(number|no|nr|n)_(of_)?infusion|(infusion|dose)_?sequence|第?几次回输"
_VISIT = r"a?_?visit|(redcap_)?event_name|visite|visita|访视|timepoint|zeitpunkt|time_point"

_AFTER_ONE = dict.fromkeys(  # tables whose days are counted from one infusion
    ("adverse_events", "responses", "labs", "kinetics", "therapies"), (("infusion", _NTH_INFUSION),)
)

TABLE_ROLES: Final[dict[str, tuple[tuple[str, re.Pattern[str]], ...]]] = {
    table: tuple((role, re.compile(pattern)) for role, pattern in (*roles, *_AFTER_ONE.get(table, ())))
    for table, roles in {
        "adverse_events": (
            ("term", r"ae_?decod|ae_?term|(preferred|pt|ae|toxicity|reaction|event)_?(term|name)|terms?|adverse_?events?(_(name|term))?|event|ae|e[ai]|uaw|toxicit[^\W_]*|nebenwirkung(en)?|unerwunschte\w*|toxizitat(en)?|toxicidad(es)?|tossicita|ereignis(se)?|reaktion|eventos?(_advers[oi])?|evento_avverso|eventi_avversi|evenements?(_indesirables?)?|bijwerking(en)?|ongewenste?_\w+|gebeurtenis|efecto_adverso|effet.*|effetto.*|(zdarzeni|dzia[lł]ani)[ea]_niepozadan[ea]|有害事象(名)?|ae_?(bezeichnung|begriff|text)|不良事件|不良反应|事件"),
            ("grade", r"ae_?tox_?grn?|a_?tox_?grn?|(max_|worst_|maximum_)?ctc(_?ae)?(_v?\d)?|(ctcae_|tox\w*_|ae_|max_|worst_|\w+_)?grade|(ctc(ae)?_?)?(grad|grado|graad)|(schwere|toxizitats?)_?grad|(grad|grado|graad|grade)_(ctc\w*|max\w*|maxim\w*|de_\w+|di_\w+)|a_?sevn?|ae_?sevn?|severity|gravite|gravita|gravedad|severidad|ernst|stopien|grau|クレート|重症度|分级|等级|严重程度"),
            ("serious", r"ae_?ser|serious|sae|schwerwiegend|grave|serio|ernstig|严重"),
            ("related", r"a_?rel|ae_?rel|relat\w*|relation\w*|kausal\w*|causalit\w*|zusammenhang|相关性"),
            ("system_organ_class", r"ae_?body?_?sys|ae_?soc|soc|system_organ_class|body_system|organsystem|系统器官分类"),
            ("treatment_emergent", r"trt_?em_?fl|treatment_emergent|teae"),
            ("treatment", r"treatment|behandlung|management|治疗"),
            ("grading_system", r"grading(_system)?|scale"),
            ("start_time", START),
            ("stop_time", STOP),
            ("start_time", r"course_num|" + _DAY),
            ("start_time", _DATE),
        ),
        "responses": (
            ("parameter", r"param_?cd|param"),
            ("response", r"a_?val_?c|rs_?stresc|rs_?orres|(\w+_)?responses?|(\w+_)?response_category|bor|disease_(assessment|status)|remission\w*|remissionsstatus|beurteilung|(\w+_)?(ansprechen|reponse|respuesta|resposta|risposta|respons|remissie)(_\w+)?|valutazione|evaluacion|beoordeling|odpowiedz(_\w+)?|効果(判定)?|奏効|疗效.*|缓解.*|评估.*|(overall_)?assessment|resp"),
            ("mrd", r"mrd(_\w+)?|ngf|ngs|微小残留.*"),
            ("ongoing", _ONGOING),
            ("visit", _VISIT),
            ("analysis_flag", r"anl\d+_?fl"),
            ("start_time", START),
            ("stop_time", STOP),
            ("time", _DAY),
            ("time", _DATE),
        ),
        "labs": (
            ("test", r"param_?cd|lab|labor|lb_?test(_?cd)?|(lab_?)?tests?(_name)?|analytes?|component(_name)?|(lab|result|order)_(name|item|component)|parameter|laborwert|labor_?parameter|untersuchung|检验项目|项目|指标|analyse|analisis|examen|esame|parametr[oe]|analito|bepaling|badanie|prueba|exame|検査項目|検査名|laboratory_test"),
            ("value", r"a_?val|(lab_?)?values?|results?(_value)?|(numeric|ord)_(value|result)|lb_?stresn|lb_?orres|wert|messwert|ergebnis|valeur|valor|valore|waarde|resultat|resultado|risultato|uitslag|wynik|値|検査値|測定値|结果|数值"),
            ("unit", r"a_?val_?u|((lab|result|value|test)_)?units?|einheit|lb_?stresu|lb_?orresu|unites?|unidade?s?(_de_medida)?|unita(_di_misura)?|eenheid|jednostka|単位|单位"),
            ("param", r"param"),
            ("test", r"param"),
            ("lower_limit", r"a_?nr_?lo|lb_?st_?nrlo|lln|lower(_limit)?\w*|low|untergrenze|参考下限|下限"),
            ("upper_limit", r"a_?nr_?hi|lb_?st_?nrhi|uln|upper(_limit)?\w*|high|obergrenze|参考上限|上限"),
            ("grade", r"a_?tox_?grn?|lb_?tox_?gr|grade"),
            ("baseline", r"abl_?fl|baseline_?flag"),
            ("visit", _VISIT),
            ("time", _DAY),
            ("time", _DATE),
        ),
        "kinetics": (
            ("value", r"conc(entration)?|(car_?t?_?)?cop(y|ies)\w*|.*cop(y|ies).*|vcn|value|a_?val|pc_?stresn|cp_?stresn|konzentration|kopien.*|.*kopien|拷贝.*|浓度|result|car_?t?_?(level|expansion|pos\w*|cells\w*)|transgen\w*|.*transgen\w*|wert|valeur|valor"),
            ("unit", r"units?|a_?val_?u|pc_?stresu|cp_?stresu|einheit|单位"),
            ("lloq", r"lloq|loq|pc_?lloq|bestimmungsgrenze"),
            ("specimen", r"specimen|matrix|material|sample_type|pc_?spec|标本"),
            ("assay", r"assay|target(_name)?|gene|amplicon|method|methode|param_?cd|pc_?test(_?cd)?|cp_?test(_?cd)?|检测方法"),
            ("visit", _VISIT),
            ("time", _DAY),
            ("time", _DATE),
        ),
        "therapies": (
            ("therapy", r"(drug|therapy|treatment|regimen|medication|agent)s?(_name)?|arm|cm_?decod|cm_?trt|ex_?trt|therapie|behandlung|medikament|traitement|tratamiento|terapia|farmaco|trattamento|medicijn|medicament(o)?|geneesmiddel|substanz|治疗|药物|方案"),
            ("kind", r"(therapy_|treatment_)?(kind|type|category|phase)|art|cm_?cat|类型|therapieart"),
            ("ongoing", _ONGOING),
            ("line", r"lines?|line_of_therapy|lot|therapielinie|ligne|linea"),
            ("dose_unit", r"dose_?unit|ex_?dosu"),
            ("dose", r"dose|dosis|ex_?dose"),
            ("response", r"(best_)?response|bor|ansprechen"),
            ("start_time", START),
            ("stop_time", STOP),
            ("start_time", r"day|date"),
        ),
        "states": (
            ("state", r"states?|status|(disease|b_?cell)_(state|assessment|status)|phase|zustand|krankheitszustand|etat|estado|状态"),
            ("measure", r"measures?|what|domain|kind|category|type|merkmal|mesure|medida|类型"),
            ("ongoing", _ONGOING),
            ("start_time", START),
            ("stop_time", STOP),
            ("start_time", r"day|date"),
        ),
        "events": (
            ("event", r"events?|labels?|milestones?|markers?|ereignis(se)?|evenements?|eventos?|事件"),
            ("time", _DAY),
            ("time", _DATE),
        ),
        "infusions": (
            ("label", r"label|infusion|infusion_?(no|number|nr|type)?|dose_no|which|cycle"),
            ("time", _DAY),
            ("time", _DATE),
            ("product", r"product|produkt|产品"),
            ("dose_unit", r"dose_?unit"),
            ("dose", r"dose|dosis"),
        ),
        "endpoints": (
            ("endpoint", r"param_?cd|endpoint|e_?type|endpunkt|end_?point_name|终点|critere|param"),
            ("unit", r"a_?val_?u|time_?unit|units?"),
            ("start_date", r"start_?dtm?|start_?date"),
            ("end_date", r"adtm?|end_?date|event_?date"),
            ("censoring_reason", r"evnt_?desc|cnsdt_?dsc|.*reason.*|event_?desc\w*"),
            ("cause", r"cause(_of_death)?|dth_?caus|cod|todesursache|死因"),
        ),
    }.items()
}  # fmt: skip
SHEET_NAMES: Final = tuple(
    (table, re.compile(pattern)) for table, pattern in (
        ("patients", r"adsl|dm|patients?|demog\w*|baseline|basis\w*|stammdaten|患者.*|基线.*|受试者.*|pacientes|patienten|pazienti"),
        ("endpoints", r"adtte|tte|endpoints?"),
        ("adverse_events", r"(ad)?ae|aes|adverse.*|tox\w*|nebenwirkung\w*|unerwunscht\w*|(zdarzenia|dzia[lł]ania)_niepoz\w*|.*不良.*|.*有害事象.*|effets.*|event[oi]s?_(adv|avv).*|bijwerking\w*|toss\w*|ue|evenements_ind.*"),
        ("responses", r"(ad)?rs|responses?|(tumou?r_)?response.*|ansprechen|reponses?|respuestas?|rispost[ae]|respons(en)?|remission\w*|odpowiedz(i)?|疗效.*|効果.*"),
        ("labs", r"(ad)?lb|labs?|labor(werte)?|laborator\w*|检验.*|化验.*|实验室.*|laboratoire|laboratori[oa]|analyses|analisis|esami|bloed\w*|badania|exames|検査.*"),
        ("kinetics", r"(ad)?(pc|cp)|kinetics?|(car_?t?_)?(kineti\w*|expansion|persistence|copies)|kinetik|pk|扩增.*|动力学.*|cinetica|cinetique"),
        ("therapies", r"(ad)?(cm|ex)|therap\w*|treatments?|maintenance|medication\w*|behandlung\w*|治疗.*|tratamientos?|traitements?|prior_lines|segments?"),
        ("states", r"states?|(disease|b_?cell)_states?|(disease|state)_(segments|spells|course)|zustande|etats|estados|状态.*"),
        ("events", r"(own_|clinical_|user_)?events?|markers?|milestones?|ereignisse|evenements|eventos|事件"),
        ("infusions", r"(\w+_)?(re)?infusions?(_\w+)?|回输.*|infusionen|infusiones"),
        ("deaths", r".*(end_?study|off_?study|death|follow_?up|survival|outcome|todes\w*|deces|随访|死亡).*"),
    )
)  # fmt: skip
