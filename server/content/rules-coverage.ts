import type { RulePack } from "../../engine/routing/rule-pack.ts";
import type { RuleSource } from "../../engine/routing/types.ts";

/** Rules of the field's rule table: national (N), Guizhou (G), other places (P). */
export const fieldRules: readonly string[] = [...numbered("N", 29), ...numbered("G", 11), ...numbered("P", 14)];

function numbered(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
}

/** Rules that no pack can hold, and why. */
export const notData: Readonly<Record<string, string>> = {
  P13: "只有文件标题可查，正文未能取得 / titles alone could be found, not the texts",
  P14: "地方标准草案描述流程本身，由流程图承载 / a draft standard about the flow itself, which the diagrams carry",
};

interface Entry {
  readonly region: string;
  readonly what: string;
  readonly says: string;
  readonly source: RuleSource;
  readonly verified: boolean | null;
  readonly rules: readonly string[];
}

/** Every entry of the packs that carries out a rule of the field. */
export function entriesOf(packs: readonly RulePack[]): readonly Entry[] {
  return packs.flatMap((pack): readonly Entry[] => {
    const { region } = pack;
    return [
      ...pack.limits.map(({ code, name, value, unit, extension, source, verified, rules }) => {
        const more = extension ? ` + ${extension.max}` : "";
        return {
          region,
          what: code,
          says: `${name.zh} / ${name.en}: ${value}${more} ${unit}`,
          source,
          verified,
          rules,
        };
      }),
      ...pack.duties.map(({ code, text, source, verified, rules }) => ({
        region,
        what: code,
        says: `${text.zh} / ${text.en}`,
        source,
        verified,
        rules,
      })),
      ...pack.suspensionCauses.map(({ code, name, source, verified, rules }) => ({
        region,
        what: code,
        says: `${name.zh} / ${name.en}`,
        source,
        verified,
        rules,
      })),
      ...pack.reasonCodes.map(({ code, name, source, rules }) => ({
        region,
        what: code,
        says: `${name.zh} / ${name.en}`,
        source,
        verified: null,
        rules,
      })),
      ...pack.bounds.map(({ type, source, rules }) => ({
        region,
        what: type,
        says: "约束 / bound",
        source,
        verified: null,
        rules,
      })),
      ...(pack.organisation
        ? [
            {
              region,
              what: "organisation",
              says: `${pack.organisation.authorityModel ?? "—"}, ${pack.organisation.upwardMode ?? "—"}`,
              source: pack.organisation.source,
              verified: null,
              rules: pack.organisation.rules,
            },
          ]
        : []),
    ];
  });
}

/** docs/rules-coverage.md: which entry of which pack carries out each rule, from what source and how sure. */
export function coveragePage(packs: readonly RulePack[]): string {
  const entries = entriesOf(packs);
  const lines = fieldRules.flatMap((rule) => {
    const found = entries.filter(({ rules }) => rules.includes(rule));
    if (found.length === 0) return [`| ${rule} | — | ${notData[rule] ?? ""} | | |`];
    return found.map(
      ({ region, what, says, source, verified }) =>
        `| ${rule} | ${region} \`${what}\` | ${says} | ${cite(source)} | ${source.grade}${verified === true ? " ✓" : ""} |`,
    );
  });
  return [
    "# Which rule of the field is kept where",
    "",
    "Written by `server/content/rules-coverage.test.ts` from `processes/rule-packs/` (`npx vitest run --project unit server/content -u`).",
    "Grades: V read in full, S stated in an excerpt, R recalled and not re-read, P preset of ours. ✓: the number itself was read.",
    "Nothing without ✓ is shown to an official as settled law.",
    "",
    "| rule | entry | says | source | grade |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    "",
  ].join("\n");
}

function cite({ title, documentNumber, article, url }: RuleSource): string {
  return [title, documentNumber, article, url].filter((part) => part !== null).join(", ");
}
