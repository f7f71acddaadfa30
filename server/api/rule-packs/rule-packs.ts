import { localDate } from "../../../engine/calendar/dates.ts";
import { actingLevel, dimensions } from "../../../engine/routing/dimensions.ts";
import { startEvents } from "../../../engine/routing/limit.ts";
import { diffPacks } from "../../../engine/routing/pack-diff.ts";
import { positions } from "../../../engine/routing/positions.ts";
import { packsInForce, parseRulePack, rulePackJsonSchema, type RulePack } from "../../../engine/routing/rule-pack.ts";
import { routeOutputs } from "../../../engine/routing/route-table.ts";
import { forbiddableName, forbiddables } from "../../../engine/approval/operations.ts";
import { policyNames } from "../../../engine/approval/policy.ts";
import { roleTerms } from "../../tasks/outcomes.ts";
import { authorize } from "../../identity/policy.ts";
import { notFound } from "../../runtime/errors.ts";
import { requireCovered } from "../../sharing/covered.ts";
import {
  amendDraft,
  draftPack,
  packsWith,
  publishDraft,
  writtenPacks,
  type PackDraft,
} from "../../runtime/rule-packs.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { defineRoute, idParams } from "../route.ts";
import type { Principal } from "../../identity/sessions.ts";
import {
  jsonSchemaDocument,
  routingVocabulary,
  rulePackBody,
  rulePackDetail,
  rulePackDiff,
  rulePackDiffQuery,
  rulePackList,
  rulePackParams,
  rulePackQuery,
  type RulePackSummary,
} from "./rule-packs.schema.ts";

export const rulePackRoutes = [
  defineRoute({
    method: "get",
    path: "/api/rule-packs",
    summary: "Versions of rule packs: shipped, published and drafts; those in force on a day are marked",
    query: rulePackQuery,
    answer: rulePackList,
    handle: async ({ runtime, principal, query }) => {
      authorize(principal, { type: "rules.view" }, runtime.content);
      const date = query.date ?? localDate(runtime.clock.now());
      const all = await versions(runtime, query.region ?? null);
      const { packs } = await runtime.rules.current(runtime.clock.now());
      const inForce = packsInForce(packs, date);
      return { date, items: all.map((one) => summary(one, inForce)) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/rule-packs/diff",
    summary: "What one version of a region's pack changes against another, in plain words",
    query: rulePackDiffQuery,
    answer: rulePackDiff,
    handle: async ({ runtime, principal, query }) => {
      authorize(principal, { type: "rules.view" }, runtime.content);
      const [from, to] = await Promise.all([
        versionOf(runtime, query.region, query.from),
        versionOf(runtime, query.region, query.to),
      ]);
      return { changes: diffPacks(from.pack, to.pack).map((change) => ({ ...change })) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/rule-packs/:region/:version",
    summary: "One version of a rule pack",
    params: rulePackParams,
    answer: rulePackDetail,
    handle: async ({ runtime, principal, params }) => {
      authorize(principal, { type: "rules.view" }, runtime.content);
      return detail(runtime, await versionOf(runtime, params.region, params.version));
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/rule-packs",
    summary: "Write a new version as a draft; refused where it breaks a bound above or lengthens a limit",
    body: rulePackBody,
    answer: rulePackDetail,
    status: 201,
    handle: async ({ runtime, principal, body }) => {
      const draft = draftOf(runtime, principal, body);
      const id = await draftPack(runtime.store, runtime.rules, draft);
      return detail(runtime, await written(runtime, id));
    },
  }),
  defineRoute({
    method: "put",
    path: "/api/rule-packs/:id",
    summary: "Change one's own draft",
    params: idParams,
    body: rulePackBody,
    answer: rulePackDetail,
    handle: async ({ runtime, principal, params, body }) => {
      await amendDraft(runtime.store, runtime.rules, params.id, draftOf(runtime, principal, body));
      return detail(runtime, await written(runtime, params.id));
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/rule-packs/:id/publication",
    summary: "Bring a draft into force from its day on, by a second person; running cases keep their rules",
    params: idParams,
    answer: rulePackDetail,
    handle: async ({ runtime, principal, params }) => {
      const { pack } = await written(runtime, params.id);
      authorize(principal, { type: "rules.write", region: pack.region }, runtime.content);
      const packs = await packsWith(runtime.store, runtime.rules, pack);
      await requireCovered(runtime, { type: "packs", packs, region: pack.region, date: pack.effectiveFrom });
      const now = runtime.clock.now();
      const by = { id: principal.id, name: principal.name };
      await publishDraft(runtime.store, runtime.rules, params.id, { by, now, today: localDate(now) });
      return detail(runtime, await written(runtime, params.id));
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/routing/vocabulary",
    summary:
      "Dimensions, outputs, positions, start events, roles and policies that route tables and rule packs may name",
    answer: routingVocabulary,
    handle: async () => ({
      dimensions: [...dimensions, actingLevel].map(({ key, label, values }) => ({
        key,
        label: { ...label },
        values: values.map((term) => ({ value: term.value, label: { ...term.label } })),
      })),
      outputs: Object.entries(routeOutputs).map(([name, kind]) => ({ name, kind })),
      positions: Object.entries(positions).map(([code, name]) => ({ code, name: { ...name } })),
      startEvents: Object.entries(startEvents).map(([code, name]) => ({ code, name: { ...name } })),
      roles: Object.entries(roleTerms).map(([code, name]) => ({ code, name: { ...name } })),
      policies: Object.entries(policyNames).map(([code, name]) => ({ code, name: { ...name } })),
      forbiddables: forbiddables.map((code) => ({ code, name: { ...forbiddableName(code) } })),
    }),
  }),
  defineRoute({
    method: "get",
    path: "/api/schemas/rule-pack.json",
    summary: "JSON Schema of a rule pack",
    answer: jsonSchemaDocument,
    open: true,
    handle: async () => ({ ...rulePackJsonSchema() }),
  }),
] as const;

interface Version {
  readonly pack: RulePack;
  /** `null` for what ships. */
  readonly row: Row | null;
}

/** Only a designer of the region, or of one above it, writes its rules. */
function draftOf(runtime: Runtime, principal: Principal, body: { pack: unknown; comment: string }): PackDraft {
  const region = regionNamedBy(body.pack);
  authorize(principal, { type: "rules.write", region }, runtime.content);
  const now = runtime.clock.now();
  const author = { id: principal.id, name: principal.name };
  return { pack: body.pack, comment: body.comment, author, now, today: localDate(now) };
}

function regionNamedBy(pack: unknown): string {
  const region = typeof pack === "object" && pack !== null && "region" in pack ? pack.region : null;
  return typeof region === "string" ? region : "";
}

async function versions(runtime: Runtime, region: string | null): Promise<readonly Version[]> {
  const shipped = runtime.rules.shippedPacks.filter((pack) => region === null || pack.region === region);
  const rows = await writtenPacks(runtime.store, region);
  return [...rows.map(versionFrom), ...shipped.map((pack) => ({ pack, row: null }))];
}

function versionFrom(row: Row): Version {
  return { row, pack: parseRulePack(json(row, "content"), `rule_pack ${text(row, "id")}`) };
}

async function versionOf(runtime: Runtime, region: string, version: string): Promise<Version> {
  const found = (await versions(runtime, region)).find(({ pack }) => pack.version === version);
  if (!found) throw notFound();
  return found;
}

async function written(runtime: Runtime, id: string): Promise<Version> {
  const [row] = await runtime.store.read("SELECT * FROM rule_pack WHERE id = ?", [id]);
  if (!row) throw notFound();
  return versionFrom(row);
}

async function detail(runtime: Runtime, version: Version) {
  const now = runtime.clock.now();
  const { packs } = await runtime.rules.current(now);
  const pack: Record<string, unknown> = { ...version.pack };
  return { ...summary(version, packsInForce(packs, localDate(now))), pack };
}

function summary({ pack, row }: Version, inForce: ReadonlyMap<string, RulePack>): RulePackSummary {
  const state = row === null ? "shipped" : text(row, "state") === "published" ? "published" : "draft";
  const standing = inForce.get(pack.region);
  return {
    id: row && text(row, "id"),
    region: pack.region,
    version: pack.version,
    name: pack.name,
    state,
    effectiveFrom: pack.effectiveFrom,
    effectiveTo: pack.effectiveTo,
    inForce: state !== "draft" && standing?.version === pack.version && standing.effectiveFrom === pack.effectiveFrom,
    limits: pack.limits.length,
    unverified: pack.limits.filter(({ verified }) => !verified).length,
    author: row && text(row, "author_name"),
    publishedBy: row && optionalText(row, "publisher_name"),
    publishedAt: row && optionalText(row, "published_at"),
    comment: row ? text(row, "comment") : "",
  };
}
