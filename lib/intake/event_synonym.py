"""What columns of event tables are called (adverse events, responses, labs, kinetics, therapies ...), by table; compared with Heading.key.

Where the same words name a day or a date, the values decide: a role that ends in "_time" becomes "_day" or "_date".
"""

import re
from typing import Final

from lib.intake.mapping import Words as Words  # noqa: PLC0414

_DATE = r"adtm?|.*date|datum.*|fecha.*|日期|.*日期|.*_dtc|.*_dt"
_DAY = r"a_?dy|study_?day|(rel(ative)?_)?days?|tag|jour|dia|time|zeit|temps|tiempo|天数|时间|.*_dy|time_(from|since|after)_\w+|day_\w+|stunden|hours?|weeks?|months?|d|tag_nach.*|days_(post|after|since).*|jour_.*"
_START = r"(.*_)?(onset|start|begin|beginn|debut|inicio)(_.*)?|a_?st_?dy|a_?st_?dtm?|ae_?st_?dtc|ae_?st_?dy|.*起始.*|开始.*|发生.*"
_STOP = (
    r"(.*_)?(end|stop|ende|fin|resol\w+)(_.*)?|a_?en_?dy|a_?en_?dtm?|ae_?en_?dtc|ae_?en_?dy|trt_?edtm?|结束.*|end_?trt"
)
_ONGOING = r"contin\w*|ongoing\w*|andauernd|持续|en_cours|.*_ongoing"
_VISIT = r"a?_?visit|visite|visita|访视|timepoint|zeitpunkt|time_point"

TABLE_ROLES: Final[dict[str, tuple[tuple[str, re.Pattern[str]], ...]]] = {
    table: tuple((role, re.compile(pattern)) for role, pattern in roles)
    for table, roles in {
        "adverse_events": (
            ("term", r"ae_?decod|ae_?term|(preferred|pt|ae)_?(term|name)|terms?|adverse_?events?|event|ae|toxicit\w*|nebenwirkung(en)?|unerwunschte\w*|toxizitat|evento_adverso|evenement(_indesirable)?|effet.*|不良事件|不良反应|事件"),
            ("grade", r"ae_?tox_?grn?|a_?tox_?grn?|(ctcae_|tox\w*_|ae_|max_|worst_|\w+_)?grade|grad|grado|a_?sevn?|ae_?sevn?|severity|schweregrad|gravite|分级|等级|严重程度"),
            ("serious", r"ae_?ser|serious|sae|schwerwiegend|grave|严重"),
            ("related", r"a_?rel|ae_?rel|relat\w*|relation\w*|kausal\w*|causalit\w*|zusammenhang|相关性"),
            ("system_organ_class", r"ae_?body?_?sys|ae_?soc|soc|system_organ_class|body_system|organsystem|系统器官分类"),
            ("treatment_emergent", r"trt_?em_?fl|treatment_emergent|teae"),
            ("treatment", r"treatment|behandlung|management|治疗"),
            ("grading_system", r"grading(_system)?|scale"),
            ("start_time", _START), ("stop_time", _STOP), ("start_time", r"course_num|" + _DAY), ("start_time", _DATE),
        ),
        "responses": (
            ("parameter", r"param_?cd|param"),
            ("response", r"a_?val_?c|rs_?orres|(\w+_)?responses?|(\w+_)?response_category|bor|disease_(assessment|status)|ansprechen|remission\w*|remissionsstatus|beurteilung|reponse|respuesta|疗效.*|缓解.*|评估.*|(overall_)?assessment|resp"),
            ("mrd", r"mrd(_\w+)?|ngf|ngs|微小残留.*"),
            ("ongoing", _ONGOING), ("visit", _VISIT), ("analysis_flag", r"anl\d+_?fl"),
            ("start_time", _START), ("stop_time", _STOP), ("time", _DAY), ("time", _DATE),
        ),
        "labs": (
            ("test", r"param_?cd|lb_?test(_?cd)?|(lab_?)?tests?(_name)?|analytes?|parameter|laborwert|labor_?parameter|untersuchung|检验项目|项目|指标|analyse|analisis|examen"),
            ("param", r"param"),
            ("value", r"a_?val|(lab_?)?values?|results?|lb_?stresn|lb_?orres|wert|messwert|ergebnis|valeur|valor|resultat|resultado|结果|数值"),
            ("unit", r"a_?val_?u|units?|einheit|lb_?stresu|lb_?orresu|unite|unidad|单位"),
            ("lower_limit", r"a_?nr_?lo|lb_?st_?nrlo|lln|lower(_limit)?\w*|low|untergrenze|参考下限|下限"),
            ("upper_limit", r"a_?nr_?hi|lb_?st_?nrhi|uln|upper(_limit)?\w*|high|obergrenze|参考上限|上限"),
            ("grade", r"a_?tox_?grn?|lb_?tox_?gr|grade"), ("baseline", r"abl_?fl|baseline_?flag"),
            ("visit", _VISIT), ("time", _DAY), ("time", _DATE),
        ),
        "kinetics": (
            ("value", r"conc(entration)?|(car_?t?_?)?cop(y|ies)\w*|.*cop(y|ies).*|vcn|value|a_?val|pc_?stresn|cp_?stresn|konzentration|kopien.*|.*kopien|拷贝.*|浓度|result|car_?t?_?(level|expansion|pos\w*|cells\w*)|transgen\w*|.*transgen\w*|wert|valeur|valor"),
            ("unit", r"units?|a_?val_?u|pc_?stresu|cp_?stresu|einheit|单位"),
            ("lloq", r"lloq|loq|pc_?lloq|bestimmungsgrenze"), ("specimen", r"specimen|matrix|material|sample_type|pc_?spec|标本"),
            ("assay", r"assay|method|methode|param_?cd|pc_?test(_?cd)?|cp_?test(_?cd)?|检测方法"),
            ("visit", _VISIT), ("time", _DAY), ("time", _DATE),
        ),
        "therapies": (
            ("therapy", r"(drug|therapy|treatment|regimen|medication|agent)s?(_name)?|arm|cm_?decod|cm_?trt|ex_?trt|therapie|behandlung|medikament|traitement|tratamiento|substanz|治疗|药物|方案"),
            ("kind", r"(therapy_|treatment_)?(kind|type|category|phase)|art|cm_?cat|类型|therapieart"),
            ("ongoing", _ONGOING), ("line", r"lines?|line_of_therapy|lot|therapielinie|ligne|linea"),
            ("dose_unit", r"dose_?unit|ex_?dosu"), ("dose", r"dose|dosis|ex_?dose"), ("response", r"(best_)?response|bor|ansprechen"),
            ("start_time", _START), ("stop_time", _STOP), ("start_time", r"day|date"),
        ),
        "states": (
            ("state", r"states?|status|(disease|b_?cell)_(state|assessment|status)|phase|zustand|krankheitszustand|etat|estado|状态"),
            ("measure", r"measures?|what|domain|kind|category|type|merkmal|mesure|medida|类型"),
            ("ongoing", _ONGOING), ("start_time", _START), ("stop_time", _STOP), ("start_time", r"day|date"),
        ),
        "events": (
            ("event", r"events?|labels?|milestones?|markers?|ereignis(se)?|evenements?|eventos?|事件"),
            ("time", _DAY), ("time", _DATE),
        ),
        "infusions": (
            ("label", r"label|infusion|infusion_?(no|number|nr)?|dose_no|which|cycle"),
            ("time", _DAY), ("time", _DATE), ("product", r"product|produkt|产品"), ("dose_unit", r"dose_?unit"), ("dose", r"dose|dosis"),
        ),
        "endpoints": (
            ("endpoint", r"param_?cd|endpoint|e_?type|endpunkt|end_?point_name|终点|critere|param"),
            ("unit", r"a_?val_?u|time_?unit|units?"), ("start_date", r"start_?dtm?|start_?date"), ("end_date", r"adtm?|end_?date|event_?date"),
            ("censoring_reason", r"evnt_?desc|cnsdt_?dsc|.*reason.*|event_?desc\w*"), ("cause", r"cause(_of_death)?|dth_?caus|cod|todesursache|死因"),
        ),
    }.items()
}  # fmt: skip
SHEET_NAMES: Final = tuple(
    (table, re.compile(pattern))
    for table, pattern in (
        ("patients", r"adsl|dm|patients?|demog\w*|baseline|basis\w*|stammdaten|患者.*|基线.*|受试者.*|pacientes|patienten"),
        ("endpoints", r"adtte|tte|endpoints?"),
        ("adverse_events", r"(ad)?ae|aes|adverse.*|tox\w*|nebenwirkung\w*|unerwunscht\w*|.*不良.*|effets.*|eventos_adv.*"),
        ("responses", r"(ad)?rs|responses?|(tumou?r_)?response.*|ansprechen|reponses?|respuestas?|疗效.*"),
        ("labs", r"(ad)?lb|labs?|labor(werte)?|laborator\w*|检验.*|化验.*|实验室.*|laboratoire|laboratorio"),
        ("kinetics", r"(ad)?(pc|cp)|kinetics?|(car_?t?_)?(kineti\w*|expansion|persistence|copies)|kinetik|pk|扩增.*|动力学.*|cinetica|cinetique"),
        ("therapies", r"(ad)?(cm|ex)|therap\w*|treatments?|maintenance|medication\w*|behandlung\w*|治疗.*|tratamientos?|traitements?|prior_lines|segments?"),
        ("states", r"states?|(disease|b_?cell)_states?|(disease|state)_(segments|spells|course)|zustande|etats|estados|状态.*"),
        ("events", r"(own_|clinical_|user_)?events?|markers?|milestones?|ereignisse|evenements|eventos|事件"),
        ("infusions", r"(re)?infusions?(_\w+)?|回输.*|infusionen|infusiones"),
        ("deaths", r".*(end_?study|off_?study|death|follow_?up|survival|outcome|todes\w*|deces|随访|死亡).*"),
    )
)  # fmt: skip
