/**
 * The rules of the shipped packs and tables once more, written down by hand as a clerk would apply them, without the router, the
 * tables, the packs or the calendar module. What stands here was read from the rules' own sources (docs/rules-coverage.md), not
 * from what the router answers; every value can be checked on paper. test/routes/route-cases.json is this sheet applied to the
 * cases of route-situations.ts.
 */
import type { Situation } from "./route-situations.ts";

export interface ExpectedStep {
  readonly step: string;
  readonly organisation: string;
  readonly role: string;
  /** Code, working days, last day when the step opens on the day of the case, and whose pack it rests on. */
  readonly limit: {
    readonly code: string;
    readonly workdays: number;
    readonly due: string;
    readonly pack: string;
  } | null;
}

const inGuiyang = (region: string) => region === "520100" || /^5201(\d\d|Z\d)$/.test(region);
const inGuizhou = (region: string) => region.startsWith("52");
const inJincheng = (region: string) => region.startsWith("1405");

/** Steps that are performed, in order, with who does them and until when. */
export function expectedPath(situation: Situation): readonly ExpectedStep[] {
  const { applicant, provider, chain, abroad, sameRegion } = situation;
  const steps: ExpectedStep[] = [];
  const add = (step: string, who: { id: string; region: string }, role: string, limit: LimitAnswer | null) =>
    steps.push({
      step,
      organisation: who.id,
      role,
      limit: limit && { ...limit, due: dueDate(situation.date, limit.workdays, who.region) },
    });

  add("sign-off", applicant, "applicant-head", signOff(applicant.region));
  if (needsLeader(situation)) add("leader-sign-off", applicant, "applicant-head", signOff(applicant.region));
  add(sameRegion ? "review" : "own-check", chain.own, "authority-reviewer", review(situation, chain.own.region));
  for (const hop of chain.hops) add("relay", hop, "authority-reviewer", forwarding(hop.region));
  if (chain.gateway) add("gateway", chain.gateway, "authority-reviewer", national("L.GATEWAY", 2));
  if (!sameRegion && !abroad && chain.dispatch)
    add("dispatch", chain.dispatch, "authority-reviewer", dispatch(chain.dispatch.region));
  if (!abroad) {
    if (situation.personalInfo !== "none") add("pi-assessment", provider, "provider-clerk", null);
    if (needsSecurityReview(situation)) add("security-review", provider, "security-reviewer", null);
    add("reply", provider, "provider-head", reply(situation));
  }
  add("deliver", chain.operator, "operator", national("L.DELIVER", 20));
  add("accept", applicant, "applicant-clerk", national("L.ACCEPT", 5));
  return steps;
}

interface LimitAnswer {
  readonly code: string;
  readonly workdays: number;
  readonly pack: string;
}

function national(code: string, workdays: number): LimitAnswer {
  return { code, workdays, pack: "000000" };
}

/** Domain b, "dept sign-off": county and city 1 working day, province 2; the national preset is 2. */
function signOff(region: string): LimitAnswer {
  const code = "L.SIGNOFF";
  if (region === "520102") return { code, workdays: 1, pack: "520102" };
  return inGuiyang(region) ? { code, workdays: 1, pack: "520100" } : national(code, 2);
}

/** Grade 3 and above is signed by the leader; Nanming's departments have no leader's step. A contractor brings it back. */
function needsLeader({ applicant, grade, outsourced }: Situation): boolean {
  return outsourced || (grade >= 3 && applicant.region !== "520102");
}

/** P1: 2 working days everywhere; Nanming promises itself 1 unless the data are sensitive. */
function review({ personalInfo }: Situation, region: string): LimitAnswer {
  const code = "L.REVIEW";
  if (region === "520102") {
    const careful = personalInfo === "sensitive" || personalInfo === "tenMillion";
    return { code, workdays: careful ? 2 : 1, pack: "520102" };
  }
  if (region === "140581") return { code, workdays: 2, pack: region };
  // A county without a pack of its own has its city's or prefecture's.
  const above = region.startsWith("5226")
    ? "522600"
    : inGuiyang(region)
      ? "520100"
      : inJincheng(region)
        ? "140500"
        : "000000";
  return { code, workdays: 2, pack: above };
}

/** Guiyang and Qiandongnan forward in 1 working day, others in 2. */
function forwarding(region: string): LimitAnswer {
  const fast = region === "520100" || region === "522600";
  return { code: "L.HOP", workdays: fast ? 1 : 2, pack: fast ? region : "000000" };
}

function dispatch(region: string): LimitAnswer {
  return { code: "L.DISPATCH", workdays: 2, pack: inGuizhou(region) ? "520000" : "000000" };
}

/** N3 and G2: 10 working days; what is on the platform 5 in Guiyang and Jincheng (P1), 8 at Guizhou's provincial departments. */
function reply({ provider, hookup }: Situation): LimitAnswer {
  const code = "L.REPLY.COND";
  const { region } = provider;
  const hooked = hookup === "hooked";
  if (inGuiyang(region)) return { code, workdays: hooked ? 5 : 10, pack: "520000" };
  if (inGuizhou(region)) return { code, workdays: hooked && provider.level === "province" ? 8 : 10, pack: "520000" };
  if (inJincheng(region)) return { code, workdays: hooked ? 5 : 10, pack: region === "140581" ? "140581" : "140500" };
  return { code, workdays: 10, pack: region.startsWith("37") ? "370000" : "000000" };
}

/** Grade 3, a contractor (数据安全法 art 40), and in Guiyang files and batches. */
function needsSecurityReview({ provider, grade, outsourced, mode }: Situation): boolean {
  return grade >= 3 || outsourced || (inGuiyang(provider.region) && (mode === "batch" || mode === "file"));
}

/** 国务院办公厅 2026 notice: days off and weekend days at work; 522600 keeps its own day besides. */
const off = new Set(
  [
    ["01-01", "01-03"],
    ["02-15", "02-23"],
    ["04-04", "04-06"],
    ["05-01", "05-05"],
    ["06-19", "06-21"],
    ["09-25", "09-27"],
    ["10-01", "10-07"],
  ].flatMap(([from = "", to = ""]) => daysBetween(`2026-${from}`, `2026-${to}`)),
);
const atWork = new Set(["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"].map((day) => `2026-${day}`));

/** The day of receipt is not counted; the last working day counted is the last day (民法典 art 201, 203). */
function dueDate(from: string, workdays: number, region: string): string {
  let day = from;
  for (let left = workdays; left > 0;) {
    day = nextDay(day);
    if (isWorkday(day, region)) left -= 1;
  }
  return day;
}

function isWorkday(day: string, region: string): boolean {
  if (region.startsWith("5226") && day === "2026-07-23") return false;
  if (atWork.has(day)) return true;
  const weekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  return !weekend && !off.has(day);
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function daysBetween(from: string, to: string): string[] {
  const days = [from];
  while (days.at(-1) !== to) days.push(nextDay(days.at(-1) ?? to));
  return days;
}
