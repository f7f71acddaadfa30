import { advice, rules, type Rule } from "./rule-table.ts";

/** The page `docs/bpmn-rules.md`, generated so that it cannot tell anything else than the checks do. */
export function rulesPage(): string {
  return [
    "# Rules of BPMN 2.0 that a file is held to",
    "",
    "Generated from `engine/model/rules/table/` by `node scripts/support-page.mjs`; a test keeps it true. A file that breaks one is",
    "refused with the code, the element's id, the mend and the clause of BPMN 2.0.2 (OMG formal/13-12-09). Rules whose clause is a",
    "`jieli:` attribute are ours: they keep what that attribute says from meaning nothing. Each rule is shown by files in",
    "`test/invalid/files`, which break that rule alone and say in their first comment how they are mended.",
    "",
    ...tableOf(rules),
    "",
    "## Advice",
    "",
    "What a designer is told before publishing and may leave as it is. The processes that ship give no cause for any of it.",
    "",
    ...tableOf(advice),
    "",
  ].join("\n");
}

function tableOf(told: Readonly<Record<string, Rule>>): readonly string[] {
  const rows = Object.entries(told).map(
    ([code, { clause, en, zh }]) => `| \`${code}\` | ${clause} | ${en.rule}; ${en.mend} | ${zh.rule}；${zh.mend} |`,
  );
  return ["| code | clause | rule and mend | 规则与改正 |", "| --- | --- | --- | --- |", ...rows];
}
