import { localMinute } from "../../../engine/calendar/dates.ts";
import type { DecisionRecord } from "./ledger.schema.ts";

type Language = "zh" | "en";

interface Column {
  readonly heading: Readonly<Record<Language, string>>;
  readonly value: (record: DecisionRecord, language: Language) => string;
}

const columns: readonly Column[] = [
  { heading: { zh: "时间（北京时间）", en: "Time (China Standard Time)" }, value: ({ at }) => localMinute(at) },
  { heading: { zh: "办件编号", en: "Case number" }, value: ({ caseNumber }) => caseNumber },
  { heading: { zh: "事项", en: "Matter" }, value: ({ subject }, language) => subject[language] },
  { heading: { zh: "环节", en: "Step" }, value: ({ step }, language) => step[language] },
  { heading: { zh: "办理人", en: "Person" }, value: ({ person }) => person.name },
  { heading: { zh: "单位", en: "Organisation" }, value: ({ organisation }, language) => organisation.name[language] },
  { heading: { zh: "职责身份", en: "Capacity" }, value: ({ roleName }, language) => roleName[language] },
  { heading: { zh: "结论", en: "Decision" }, value: ({ outcomeName }, language) => outcomeName?.[language] ?? "" },
  { heading: { zh: "理由代码", en: "Reason code" }, value: ({ reasonCode }) => reasonCode ?? "" },
  { heading: { zh: "引用依据", en: "Citation" }, value: ({ citation }) => citation ?? "" },
  { heading: { zh: "意见", en: "Opinion" }, value: ({ opinion }) => opinion ?? "" },
  { heading: { zh: "异议", en: "Objection" }, value: ({ objection }) => objection?.statement ?? "" },
  { heading: { zh: "听取异议的上级", en: "Superior told" }, value: ({ objection }) => objection?.superior ?? "" },
  { heading: { zh: "上级指示", en: "Instruction" }, value: ({ objection }) => objection?.instruction ?? "" },
  {
    heading: { zh: "时限", en: "Limit" },
    value: ({ limit }) => (limit ? `${limit.code} ${limit.value} ${limit.unit}` : ""),
  },
  { heading: { zh: "时限依据", en: "Source of the limit" }, value: ({ limit }) => limit?.source.title ?? "" },
  {
    heading: { zh: "依据已核实", en: "Source verified" },
    value: ({ limit }) => (limit === null ? "" : String(limit.verified)),
  },
  {
    heading: { zh: "规则包版本", en: "Rule pack" },
    value: ({ limit }) => (limit ? `${limit.packRegion} ${limit.packVersion}` : ""),
  },
  {
    heading: { zh: "路由说明", en: "Why this route" },
    value: ({ explanation }, language) => explanation?.sentence[language] ?? "",
  },
  {
    heading: { zh: "所见材料（散列）", en: "Material seen (hashes)" },
    value: ({ seen }) => seen.map(({ part, hash }) => `${part}=${hash}`).join(" "),
  },
  { heading: { zh: "记录散列", en: "Hash of the record" }, value: ({ hash }) => hash },
];

/** The records as a table for spreadsheet programs: UTF-8 with a byte order mark, RFC 4180, headings in one language. */
export function csvOf(records: readonly DecisionRecord[], language: Language): string {
  const lines = [
    columns.map(({ heading }) => heading[language]),
    ...records.map((record) => columns.map(({ value }) => value(record, language))),
  ];
  return `\uFEFF${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A cell that a spreadsheet would take for a formula is kept as text: people's words are never computed. */
function cell(value: string): string {
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
