import { boundText } from "./bound.ts";
import type { Bilingual } from "./errors.ts";
import { startEvents, type Limit } from "./limit.ts";
import type { RulePack } from "./rule-pack.ts";
import { sourceText } from "./checks/finding.ts";
import { unitWords } from "./unit-words.ts";

/** What a new version of a region's pack changes, one sentence a change, in plain words with its source. */
export function diffPacks(before: RulePack, after: RulePack): readonly Bilingual[] {
  return [
    ...diffPeriod(before, after),
    ...diffLimits(before.limits, after.limits),
    ...diffEntries(entriesOf(before), entriesOf(after)),
  ];
}

function diffPeriod(before: RulePack, after: RulePack): readonly Bilingual[] {
  if (before.effectiveFrom === after.effectiveFrom) return [];
  return [
    {
      zh: `自${after.effectiveFrom}起施行（原版本自${before.effectiveFrom}起）。`,
      en: `In force from ${after.effectiveFrom} (the earlier version from ${before.effectiveFrom}).`,
    },
  ];
}

function diffLimits(before: readonly Limit[], after: readonly Limit[]): readonly Bilingual[] {
  const key = (limit: Limit) => `${limit.code} ${limit.effectiveFrom ?? ""}`;
  const old = new Map(before.map((limit) => [key(limit), limit]));
  const now = new Map(after.map((limit) => [key(limit), limit]));
  return [
    ...after.flatMap((limit) => {
      const earlier = old.get(key(limit));
      return earlier ? changesOf(earlier, limit) : [added(limit)];
    }),
    ...before.filter((limit) => !now.has(key(limit))).map(removed),
  ];
}

function added(limit: Limit): Bilingual {
  const { zh, en } = amount(limit.value, limit.unit);
  return withSource(
    limit,
    `新增时限“${limit.name.zh}”（${limit.code}）：${zh}`,
    `A new limit “${limit.name.en}” (${limit.code}): ${en}`,
  );
}

function removed({ name, code }: Limit): Bilingual {
  return {
    zh: `不再规定“${name.zh}”（${code}）的时限，适用上级的规定。`,
    en: `The limit “${name.en}” (${code}) is no longer set here; that of the region above applies.`,
  };
}

function changesOf(before: Limit, after: Limit): readonly Bilingual[] {
  const found: Bilingual[] = [];
  const tell = (what: Bilingual, from: Bilingual, to: Bilingual) =>
    found.push(
      withSource(
        after,
        `“${after.name.zh}”（${after.code}）的${what.zh}由${from.zh}改为${to.zh}`,
        `The ${what.en} of “${after.name.en}” (${after.code}) goes from ${from.en} to ${to.en}`,
      ),
    );
  if (before.value !== after.value || before.unit !== after.unit)
    tell({ zh: "时限", en: "limit" }, amount(before.value, before.unit), amount(after.value, after.unit));
  if (before.promised !== after.promised)
    tell({ zh: "承诺时限", en: "promised limit" }, promise(before), promise(after));
  if (JSON.stringify(before.extension) !== JSON.stringify(after.extension))
    tell({ zh: "延期规定", en: "extension" }, extension(before), extension(after));
  for (const field of ["onSupplement", "maxSupplements", "onTimeout"] as const)
    if (before[field] !== after[field]) tell(fieldNames[field], same(before[field]), same(after[field]));
  if (before.startEvent !== after.startEvent)
    tell({ zh: "起算", en: "start of the clock" }, startEvents[before.startEvent], startEvents[after.startEvent]);
  if (before.excludes.join() !== after.excludes.join())
    tell({ zh: "中止计时事由", en: "reasons to rest" }, list(before.excludes), list(after.excludes));
  if (before.verified !== after.verified)
    tell({ zh: "核实状态", en: "verification" }, verification(before), verification(after));
  return found;
}

const fieldNames = {
  onSupplement: { zh: "补正对计时的影响", en: "effect of a supplement" },
  maxSupplements: { zh: "补正次数", en: "number of supplements" },
  onTimeout: { zh: "超时后果", en: "effect of the overdue limit" },
} as const;

function amount(value: number, unit: Limit["unit"]): Bilingual {
  return { zh: `${value}${unitWords[unit].zh}`, en: `${value} ${unitWords[unit].en}` };
}
function promise({ promised, unit }: Limit): Bilingual {
  return promised === null ? none : amount(promised, unit);
}
function extension({ extension: allowed, unit }: Limit): Bilingual {
  if (allowed === null) return none;
  const { zh, en } = amount(allowed.max, unit);
  return {
    zh: `${allowed.times}次、至多${zh}（${allowed.approver}批准）`,
    en: `${allowed.times} × at most ${en} (approved by ${allowed.approver})`,
  };
}
function verification({ verified }: Limit): Bilingual {
  return verified ? { zh: "已核实", en: "verified" } : { zh: "待核实", en: "not verified" };
}
function list(items: readonly string[]): Bilingual {
  return items.length === 0 ? none : { zh: items.join("、"), en: items.join(", ") };
}
function same(value: string | number): Bilingual {
  return { zh: String(value), en: String(value) };
}
const none: Bilingual = { zh: "无", en: "none" };

function withSource({ source }: Limit, zh: string, en: string): Bilingual {
  const cited = sourceText(source);
  return { zh: `${zh}；依据${cited.zh}。`, en: `${en}; source ${cited.en}.` };
}

/** Everything else of a pack as short texts: an entry that changes reads as one that goes and one that comes. */
function entriesOf(pack: RulePack): ReadonlyMap<string, Bilingual> {
  const { organisation } = pack;
  return new Map<string, Bilingual>([
    ...pack.bounds.map((bound): [string, Bilingual] => {
      const cited = sourceText(bound.source);
      const words = boundText(bound);
      return [
        `bound ${words}`,
        { zh: `约束“${words}”；依据${cited.zh}`, en: `the bound “${words}”; source ${cited.en}` },
      ];
    }),
    ...pack.reasonCodes.map((reason): [string, Bilingual] => [
      `reason ${JSON.stringify(reason)}`,
      {
        zh: `不予共享理由 ${reason.code}“${reason.name.zh}”`,
        en: `the refusal reason ${reason.code} “${reason.name.en}”`,
      },
    ]),
    ...pack.suspensionCauses.map((cause): [string, Bilingual] => [
      `cause ${JSON.stringify(cause)}`,
      {
        zh: `挂起原因 ${cause.code}“${cause.name.zh}”（${cause.allowed ? (cause.rests === null ? "照常计时" : `停止计时：${cause.rests}`) : "不允许"}）；依据${sourceText(cause.source).zh}`,
        en: `the cause of suspension ${cause.code} “${cause.name.en}” (${cause.allowed ? (cause.rests === null ? "clocks run on" : `clocks rest: ${cause.rests}`) : "not allowed"}); source ${sourceText(cause.source).en}`,
      },
    ]),
    ...pack.duties.map((duty): [string, Bilingual] => [
      `duty ${JSON.stringify(duty)}`,
      { zh: `义务“${duty.text.zh}”`, en: `the duty “${duty.text.en}”` },
    ]),
    ...pack.optionalSteps.map((step): [string, Bilingual] => [
      `step ${step}`,
      { zh: `可选环节 ${step}`, en: `the optional step ${step}` },
    ]),
    ...(organisation
      ? [
          [
            `organisation ${organisation.authorityModel} ${organisation.upwardMode}`,
            {
              zh: `主管部门模式 ${organisation.authorityModel ?? "（沿用上级）"}、上行方式 ${organisation.upwardMode ?? "（沿用上级）"}`,
              en: `the authority's model ${organisation.authorityModel ?? "(inherited)"} and the way upward ${organisation.upwardMode ?? "(inherited)"}`,
            },
          ] as [string, Bilingual],
        ]
      : []),
  ]);
}

function diffEntries(
  before: ReadonlyMap<string, Bilingual>,
  after: ReadonlyMap<string, Bilingual>,
): readonly Bilingual[] {
  const gone = [...before].filter(([key]) => !after.has(key));
  const come = [...after].filter(([key]) => !before.has(key));
  return [
    ...gone.map(([, { zh, en }]) => ({ zh: `取消${zh}。`, en: `Gone: ${en}.` })),
    ...come.map(([, { zh, en }]) => ({ zh: `新增${zh}。`, en: `New: ${en}.` })),
  ];
}
