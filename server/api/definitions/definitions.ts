import { formFile } from "../../../engine/forms/reading/form-file.ts";
import { readForm } from "../../../engine/forms/reading/read-form.ts";
import { compileDefinitions } from "../../../engine/model/compile.ts";
import type { KnownNames } from "../../../engine/analysis/references/known-names.ts";
import type { Problem } from "../../../engine/model/problems.ts";
import type { ProcessModel } from "../../../engine/model/process-model.ts";
import { positions } from "../../../engine/routing/positions.ts";
import { authorize } from "../../identity/policy.ts";
import { namesOf } from "../../content/names.ts";
import { notFound } from "../../runtime/errors.ts";
import { checkFile } from "../../runtime/file-check.ts";
import { bundleIn } from "../../forms/definition-forms.ts";
import type { FormBundle } from "../../forms/bundle.ts";
import { deploy, refused, requirePublishable } from "../../runtime/deploy.ts";
import { internalTopics } from "../../runtime/jobs.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { requireCovered } from "../../sharing/covered.ts";
import type { Draft } from "../../sharing/what-if.ts";
import { defineRoute, idParams } from "../route.ts";
import { outcomeTerms, roleTerms } from "../../tasks/outcomes.ts";
import { importFile } from "./import-file.ts";
import {
  checkBody,
  checkResult,
  definitionDetail,
  definitionList,
  deployBody,
  deployed,
  secondOpinion,
  importBody,
  imported,
  vocabulary,
  type DefinitionSummary,
  type Vocabulary,
} from "./definitions.schema.ts";
import { presentOpinion } from "./present-opinion.ts";

export const definitionRoutes = [
  defineRoute({
    method: "get",
    path: "/api/definitions",
    summary: "Processes with their versions, newest first",
    answer: definitionList,
    handle: async ({ runtime, principal }) => {
      authorize(principal, { type: "definition.view" }, runtime.content);
      const rows = await runtime.store.read("SELECT * FROM definition ORDER BY process_key, version DESC");
      return { items: await Promise.all(rows.map((row) => summary(runtime, row))) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/definitions/vocabulary",
    summary: "Limit codes, roles, positions, outcomes, forms and topics that a process may name",
    answer: vocabulary,
    handle: async ({ runtime }) => vocabularyOf(runtime),
  }),
  defineRoute({
    method: "post",
    path: "/api/definitions/check",
    summary: "Check a process file without publishing it",
    body: checkBody,
    answer: checkResult,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "definition.view" }, runtime.content);
      return {
        problems: (await check(runtime, body.xml)).map((found) => ({ ...found, message: { ...found.message } })),
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/definitions/second-opinion",
    summary: "Compare a process file on bpmn-engine, scenario by scenario, without publishing it",
    body: checkBody,
    answer: secondOpinion,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "definition.deploy" }, runtime.content);
      requirePublishable(await check(runtime, body.xml));
      return presentOpinion(await runtime.secondOpinions.on(await draftOf(runtime, body.xml)));
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/definitions/import",
    summary: "Translate a file of another engine, with a list of what was not translated; nothing is stored",
    body: importBody,
    answer: imported,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "definition.deploy" }, runtime.content);
      return importFile(body.xml, {
        roles: new Set((await names(runtime)).roles),
        actors: new Map(Object.entries(body.actors)),
      });
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/definitions",
    summary: "Publish a new version of a process",
    body: deployBody,
    answer: deployed,
    status: 201,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "definition.deploy" }, runtime.content);
      const forms = body.forms === null ? null : readBundle(body.forms);
      const problems = await check(runtime, body.xml, Object.keys(forms ?? {}));
      requirePublishable(problems);
      // The second opinion is formed in a thread of its own meanwhile.
      const draft = await draftOf(runtime, body.xml);
      const [opinion] = await Promise.all([runtime.secondOpinions.on(draft), requireCovered(runtime, draft)]);
      const { definition } = await deploy(runtime.store, {
        ...body,
        forms,
        library: await runtime.forms.inForce(),
        by: principal.name,
        now: runtime.clock.now(),
      });
      runtime.live.publish({
        at: runtime.clock.now(),
        type: "definition",
        instanceId: null,
        taskId: null,
        organisations: [],
      });
      return {
        definition: await summary(runtime, definition),
        warnings: problems.map((found) => ({ ...found, message: { ...found.message } })),
        secondOpinion: presentOpinion(opinion),
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/definitions/:id",
    summary: "One version of a process, with its file",
    params: idParams,
    answer: definitionDetail,
    handle: async ({ runtime, principal, params }) => {
      authorize(principal, { type: "definition.view" }, runtime.content);
      const [row] = await runtime.store.read("SELECT * FROM definition WHERE id = ?", [params.id]);
      if (!row) throw notFound();
      return { ...(await summary(runtime, row)), xml: text(row, "xml"), forms: { ...bundleIn(row) } };
    },
  }),
];

/** Forms as they were handed in, as far as they have the outline of one; their contents are checked with the process. */
function readBundle(forms: Readonly<Record<string, unknown>>): FormBundle {
  return Object.fromEntries(
    Object.entries(forms).map(([key, data]) => {
      const file = formFile.safeParse(data);
      if (file.success) return [key, file.data];
      const { problems } = readForm(data);
      throw refused(
        problems.map(({ code, message }) => ({ code, severity: "error", element: `form.${key}`, message })),
      );
    }),
  );
}

/** The process of a file without errors as it would stand, with those that it calls. */
async function draftOf(runtime: Runtime, xml: string): Promise<Extract<Draft, { type: "process" }>> {
  const { processes } = await compileDefinitions(xml);
  const [model] = processes;
  if (!model) throw new Error("a file without errors holds a process");
  return { type: "process", model, called: await calledBy(runtime, processes) };
}

/** Structure and behaviour, with the processes that it calls as they are published now. */
async function check(runtime: Runtime, xml: string, ownForms: readonly string[] = []): Promise<readonly Problem[]> {
  const known = await names(runtime);
  return checkFile(xml, {
    names: { ...known, forms: [...known.forms, ...ownForms] },
    calledBy: async (processes) => calledBy(runtime, processes),
  });
}

async function calledBy(
  runtime: Runtime,
  processes: readonly ProcessModel[],
): Promise<ReadonlyMap<string, ProcessModel>> {
  const startedAt = runtime.clock.now();
  const called = new Map<string, ProcessModel>();
  for (const process of processes)
    for (const model of (await runtime.models.called(process, { state: null, startedAt })).models)
      called.set(model.id, model);
  return called;
}

async function summary(runtime: Runtime, row: Row): Promise<DefinitionSummary> {
  const [running] = await runtime.store.read(
    "SELECT COUNT(*) AS running FROM instance WHERE definition_id = ? AND status = 'running'",
    [text(row, "id")],
  );
  return {
    id: text(row, "id"),
    key: text(row, "process_key"),
    version: integer(row, "version"),
    name: { zh: text(row, "name_zh"), en: text(row, "name_en") },
    state: text(row, "state") === "published" ? "published" : "superseded",
    hash: text(row, "hash"),
    comment: text(row, "comment"),
    deployedAt: text(row, "deployed_at"),
    deployedBy: text(row, "deployed_by"),
    runningInstances: Number(running?.["running"] ?? 0),
  };
}

/** Names by the rules that a case would keep that starts now. */
async function names(runtime: Runtime): Promise<KnownNames> {
  const { packs } = await runtime.rules.current(runtime.clock.now());
  return { ...namesOf(runtime.content, packs), forms: [...(await runtime.forms.inForce()).keys()] };
}

async function vocabularyOf(runtime: Runtime): Promise<Vocabulary> {
  const national = runtime.content.rulePacks.find((pack) => pack.region === "000000");
  const topics: Readonly<Record<string, { zh: string; en: string }>> = {
    notify: { zh: "提醒", en: "Remind" },
    recordBreach: { zh: "记录超时", en: "Record a breach" },
    extendClock: { zh: "延长时限", en: "Extend a limit" },
    grantAccess: { zh: "登记授权", en: "Open the delivery record" },
    closeGrant: { zh: "确认到位", en: "Close the delivery record" },
    openSupervision: { zh: "建立使用台账", en: "Enter a grant in the register" },
    nextMilestone: { zh: "查台账下一节点", en: "Next milestone of a grant" },
    checkUse: { zh: "核查使用情况", en: "Look whether access is used" },
    suspendAccess: { zh: "中止访问", en: "Suspend access" },
    restoreAccess: { zh: "恢复访问", en: "Restore access" },
    revokeAccess: { zh: "停止访问", en: "Revoke access" },
    renewGrant: { zh: "登记续期", en: "Renew a grant" },
    applyChange: { zh: "变更生效", en: "Let a change of a grant take effect" },
    retainRecords: { zh: "记录归档", en: "Retain records" },
    takeOver: { zh: "接续原申请", en: "Take over an application" },
    tellProvider: { zh: "告知提供部门", en: "Tell the provider" },
    nameHolder: { zh: "登记持有部门", en: "Enter the holder" },
    publishCatalogue: { zh: "发布目录", en: "Publish a catalogue entry" },
    refreshResource: { zh: "核对目录", en: "Look for the published entry" },
    markDisputed: { zh: "标记存疑", en: "Mark a record as disputed" },
    correctRecord: { zh: "更正并推送", en: "Correct a record and push it" },
    upholdRecord: { zh: "维持并解除标记", en: "Uphold a record" },
    recordDispute: { zh: "记录争议结果", en: "Record the result of a dispute" },
  };
  return {
    limits: (national?.limits ?? []).map(({ code, name, value, unit, verified, source }) => ({
      code,
      name,
      value,
      unit,
      verified,
      source: source.title,
    })),
    roles: Object.entries(roleTerms).map(([code, name]) => ({ code, name })),
    positions: Object.entries(positions).map(([code, name]) => ({ code, name })),
    outcomes: Object.entries(outcomeTerms).map(([code, { label }]) => ({ code, name: label })),
    forms: [...(await runtime.forms.inForce())].map(([key, { name }]) => ({ key, name })),
    names: await names(runtime),
    topics: Object.keys(internalTopics).map((code) => ({ code, name: topics[code] ?? { zh: code, en: code } })),
  };
}
