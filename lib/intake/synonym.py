"""What headers are called, role by role, in English, German, French, Spanish and Chinese; compared with Heading.key.

Roles are "table.column" of the schema, or finer names of patient columns. First match wins; values must agree (value_pattern.py).
"""

import re
from typing import Final

PATIENT_ID: Final = re.compile(
    r"(n_|num_|numero_(de_)?|no_|nr_|id_(du_|del_|de_)?)?(patient|patienten|pat|pt|subject|subj|study|record|participant|person|"
    r"proband|probanden|sample|case|paciente|paziente|sujet|sujeto)(_?(id|ids|nr|no|num|number|code|short|identifier|kennung|"
    r"nummer|kurzel|codigo))?|id|uid|upn|unique_id|us_?ubj_?id|subj_?id|patientid|(codigo|numero|code)_(de_|del_|du_)?(patient|paciente)|"
    r"pseudonym|(患者|病例|病人|受试者|研究)(编号|号|id|代码|代号)?|编号|序号|id号"
)
PRIVATE_MORE: Final = re.compile(
    r"(^|_)(invnam|inv_name|brth_?dt\w*|birth\w*|dob|fecha_(de_)?nacimiento|date_(de_)?naissance|ne_le|nacimiento|naissance|"
    r"geboren|vorname|nachname|apellidos?|nombres?|nom|prenom|direccion|strasse|telefono|krankenkasse|versicherten\w*|"
    r"nhc|historia_clinica|ipp|nip|arzt|physician|investigator)(_|$)|姓名|出生|身份证|住院号|病历号|病案号|电话|地址|联系方式"
)
NOT_PRIVATE: Final = re.compile(
    r"(drug|therapy|regimen|product|test|event|visit|analyte|param|study|gene|term|cell|assay|treatment|centre|site)_?name"
)

PATIENT_ROLES: Final = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("patients.covariate", r"donor_.*|.*_donor|spender_.*|(time|zeit|interval|days?|months?|diag\w*)_.*transplant.*|diag_?time|dx_?yr|.*_?height|.*weight|wt_loss"),
        ("patients.age_group", r"age_?gr(ou)?p?\w*|age_?cat\w*|age_class|altersgruppe|groupe_d_age|grupo_edad|年龄组|年龄分组"),
        ("patients.age_years", r"age|age_(at|y|yr|in)\w*|age_\w+|\w+_age|alter|alter_\w+|edad(_.*)?|年龄.*|patientenalter"),
        ("patients.sex", r"sex|gender|geschlecht|sexe|sexo|genero|性别|sex_\w+|patient_sex"),
        ("patients.race", r"race|race_?gr\w*|rasse|种族|raza"),
        ("patients.covariate", r"ethnic\w*|ethnie|民族"),
        ("patients.prior_lines", r"(n_?)?(prior|previous|pre)_?.*|lines?(_of_therapy)?|(n|no|nr|number_of|num)_?(prior_)?lines|lot|.*vortherapien?|vorbehandl\w*|.*therapielinien|(nb_|nombre_de_)?lignes.*|lineas_.*|.*previas?|既往.*|前线.*|.*线数"),
        ("patients.population", r"(saf|itt|eff|enrl|rand|pp|fas|mitt|comp)_?fl|safety_population|itt"),
        ("patients.performance_status", r"(\w+_)?(ecog|karno\w*|kps|who_ps|performance_status)(_\w+)?|ps|体能.*|一般状况"),
        ("patients.high_risk_cytogenetics", r"high_?risk(_cyto\w*|_ca)?|hrca|hochrisiko(_zyto\w*)?|高危(细胞遗传学)?"),
        ("patients.emd", r"emd|extramed\w*(_disease)?|髓外.*|extramedullar\w*"),
        ("patients.prior_asct", r"asct|auto_?sct|autologous_transplant|自体移植"),
        ("patients.cytogenetics", r".*(cyto_?gen|karyot|zytogen|molecular_(group|sub|class)|分子|1q|17p|del_?13|t_4_14|t_14_16|t_11_14|遗传|荧光原位|igh).*|fish(_.*)?"),
        ("patients.stage", r"(\w+_)?stages?(_\w+)?|r_?2?_?iss(_\w+)?|iss|(tumor|krankheits)?stadium|estadio|stade|分期.*|.*分期|durie.*|extent"),
        ("patients.diagnosis", r"diagnos(is|e)(_type)?|diagnostico|diagnostic|cell_?type|histolog\w*|disease(_type)?|tumou?r_type|entity|subsite|icd.*|诊断|疾病类型|dx"),
        ("patients.site", r"site(_?id)?|inst(itution)?|cent(er|re)(_?id)?|zentrum|klinik|hospital|centro|医院|中心"),
        ("patients.disease_status", r"disease_status|status_(before|at)_\w+|疾病状态"),
        ("patients.arm", r"(planned_|treatment_|study_)?arm(_?cd|_code)?|act_?arm_?(cd)?|trt(01)?_?[pa]?n?|rx|treat(ment)?(_(group|arm))?|(study_)?group|gruppe|studienarm|therapiearm|behandlung(s(arm|gruppe))?|cohorte?|kohorte|bras(_de_traitement)?|brazo|grupo|groupe|traitement|tratamiento|dose_?class|dose_?(level_)?group|(cart?_)?product|maintenance|erhaltung(stherapie)?|hormon\w*therap\w*|randomi[sz]\w*|治疗组.*|治疗方案|分组|组别|产品|hormon_?therapie"),
        ("patients.off_study_reason", r"(reason|grund)_.*(off|discont|end|ende).*|.*(off_study|discontinuation|end_of_study)_?(reason)?|dcs_?reas|eos_?reas\w*"),
        ("patients.follow_up", r"(weeks|days|months)_(on_study|on_trial)|time_on_study|follow_?up_(weeks|days|months)"),
    )
)  # fmt: skip

DATE_ROLES: Final = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("patients.progression_date", r"prog|relaps|recur|rezidiv|rechute|recaid|(^|_)pd(_|$)|进展|复发"),
        ("patients.death_date", r"death|dead|dth|died|(^|_)dod(_|$)|tod(es)?|sterbe|verst|dece|muerte|falleci|exitus|死亡"),
        ("patients.last_contact_date", r"last|lfu|lst_?alv|(^|_)fu(_|$)|follow_?up|letzt|derni|ultim|nouvelles|末次|随访|alive"),
        ("endpoints.start_date", r"diagnos|诊断"),
        ("patients.infusion_date", r"infus|cart|car_t|(^|_)d0(_|$)|day_?0|on_?study|regist|enrol|random|rand_?dt|trt(01)?_?sdtm?|rfx?st|ap01sdtm|start|begin|inclu|baseline|transplant|输注|回输|reinjection"),
    )
)  # fmt: skip

ENDPOINTS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("pfs", r"(^|_)(pfs|pfss)(_|$)|progression_free|progressionsfrei|sans_progression|libre_de_progresion|无进展"),
        ("efs", r"(^|_)efs(_|$)|event_free|无事件"),
        ("dfs", r"(^|_)dfs(_|$)|disease_free|无病"),
        ("rfs", r"(^|_)rfs(_|$)|(recurrence|relapse)_free|rezidivfrei|无复发"),
        ("ttp", r"(^|_)ttp(_|$)|time_to_prog|zeit_bis_prog|(^|_)ttpd(_|$)|疾病进展时间"),
        ("dor", r"(^|_)(dor|rsd|crsd)(_|$)|duration_of_.*response|remissionsdauer|缓解持续"),
        ("ttnt", r"(^|_)ttnt(_|$)|next_treatment"),
        ("ttr", r"(^|_)ttr(_|$)|time_to_recurrence"),
        ("nrm", r"(^|_)nrm(_|$)|non_relapse_mort"),
        ("os", r"(^|_)os(_|$)|overall_survival|gesamtuberleben|survie_globale|supervivencia(_global)?|总生存|(^|_)(death|dead|died|deceased|vital|vitalstatus|uberlebensstatus|tod|verstorben|gestorben|deces|decede|muerte|muerto|fallecido|exitus)(_|$)|死亡|生存状态|存活|survival(_(time|months|days|status))?$"),
    )
)  # fmt: skip
TIME_WORD: Final = re.compile(
    r"(^|_)(time|zeit|tiempo|temps|dauer|duree|fu_?time|fut_?ime|months|days|weeks|monate|tage|uberlebenszeit)(_|$)|时间|生存期|time$|survival|uberleben|survie|supervivencia"
)
EVENT_WORD: Final = re.compile(
    r"(^|_)(status|event|events?|cens(or(ed|ing)?)?|cnsr|stat|ereignis|evento|evenement|etat|estado|zensiert)(_|$)|stat(us)?$|状态|事件|结局|删失"
)
GENERIC_TIME: Final = re.compile(
    r"(\w_?)?time|fu_?time|t|zeit|tiempo|temps|follow_?up(_time)?|(surv|survival)_?(time|months|days)?|months|days|时间|随访时间|生存时间|beobachtungszeit|uberlebenszeit|nachbeobachtung(szeit)?|suivi|seguimiento"
)
GENERIC_EVENT: Final = re.compile(
    r"(\w_?)?stat(us)?|fu_?stat(us)?|event|cens(or(ed)?)?|cnsr|ereignis|evento|evenement|结局|事件|状态|estado|etat"
)
FOLLOW_UP: Final = re.compile(
    r"fu_?time|follow_?up\w*|beobachtung\w*|nachbeobachtung\w*|随访时间|suivi|seguimiento|last_follow_?up"
)

LAB_TESTS: Final = re.compile(
    r"(anc|neut\w*|neu|alc|lym\w*|ly|hb|hgb|ha?emoglobin\w*|hamoglobin|plt|platelets?|thrombo\w*|plaquett\w*|plaquetas|wbc|wcc|leu[kc]o\w*|alt|gpt|"
    r"ast|got|crp|c_reactive\w*|ferritin\w*|ldh|il_?\d+|fibrinogen\w*|bili\w*|chol\w*|albumin\w*|alk_?phos\w*|alp|creat\w*|krea\w*|"
    r"pro(t|thrombin)?_?time|inr|quick|calcium|ca|m_?spike|m_?protein|ig[agm]|(kappa|lambda)(_?flc)?|flc|d_?dimer\w*|gluc\w*|urea|ggt|trig\w*|copper|"
    r"b2m|beta_?2.*|tnf\w*|ifn\w*|procalc\w*|pct|血红蛋白|白细胞\w*|中性粒\w*|淋巴\w*|血小板\w*|铁蛋白|c反应蛋白|hematies|eosin\w*|mono\w*)(_\w+)?"
)
KINETICS_WORD: Final = re.compile(
    r"cop(y|ies)|(^|_)vcn|transgen|(^|_)(ddpcr|qpcr)|(^|_)conc(entration)?(_|$)|konzentration|拷贝|car_?t?_?(pos|abs|cells|dna|copies|level|expansion)|kopien|cart_?vcn|chimeric|(^|_)car(_|$)"
)
LESION: Final = re.compile(
    r"del_?17p?(_13)?|del_17_?p.*|17p(_?del\w*)?|(del_)?tp_?53(_del\w*|_loss|_mut\w*)?|p53(_del\w*)?|t_?4_14.*|t_?14_16.*|t_?14_20.*|(gain|amp|dup)?_?\(?1q(21)?(_(gain|amp|plus|status))?|(gain|amp)_?1_?q\w*|chr1q21_status|1q21.*|igh_(nsd2|fgfr3|maf\w*)|cks1b\w*|del_?1p(32)?|17p.*缺失"
)
