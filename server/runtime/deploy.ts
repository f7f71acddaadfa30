import { compileDefinitions, type CompiledDefinitions } from "../../engine/model/compile.ts";
import type { Problem } from "../../engine/model/problems.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import type { FormFile } from "../../engine/forms/reading/form-file.ts";
import { bundleProblems, completed, definitionHash, type FormBundle } from "../forms/bundle.ts";
import { bundleIn } from "../forms/definition-forms.ts";
import { isDuplicateKey } from "../store/duplicate-key.ts";
import { newId } from "../store/ids.ts";
import { ConflictError } from "../store/retry.ts";
import { integer, text } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";
import { RuntimeProblem } from "./errors.ts";
import { recordStartEvents } from "./start-events.ts";

export interface Deployment {
  readonly xml: string;
  /** Forms of the new version by key; `null` keeps those of the version before. */
  readonly forms: FormBundle | null;
  /** Where forms come from that the process names and its own do not hold. */
  readonly library: ReadonlyMap<string, FormFile>;
  readonly comment: string;
  /** Definition that the designer opened; a newer version since then refuses the deployment. */
  readonly basedOn: string | null;
  readonly by: string;
  readonly now: string;
}

export interface Deployed {
  readonly definition: Row;
  readonly warnings: readonly Problem[];
}

/** Publishes a new version of a process, the same way for what ships and for a designer. The file is kept as it was given. */
export async function deploy(store: Store, deployment: Deployment): Promise<Deployed> {
  return deployCompiled(store, deployment, await compileDefinitions(deployment.xml));
}

/** Publishes a file that has been compiled already. */
export async function deployCompiled(
  store: Store,
  deployment: Deployment,
  { processes, problems }: CompiledDefinitions,
): Promise<Deployed> {
  const [model, second] = processes;
  const errors = [...problems.filter((found) => found.severity === "error"), ...(model ? serverProblems(model) : [])];
  if (!model || errors.length > 0) throw refused(errors);
  if (second)
    throw refused([
      {
        code: "SEVERAL_PROCESSES",
        severity: "error",
        element: second.id,
        message: { zh: "一个文件只能有一个可执行流程", en: "A file holds one executable process" },
      },
    ]);
  const definition = await store.transaction(async (tx) => {
    const [latest] = await tx.query(
      `SELECT * FROM definition WHERE process_key = ? ORDER BY version DESC LIMIT 1 ${tx.forUpdate}`,
      [model.id],
    );
    const own = deployment.forms ?? (latest ? bundleIn(latest) : {});
    const forms = completed(own, model, deployment.library);
    const hash = definitionHash(deployment.xml, forms);
    // Nothing new is published. At a start this is so of every shipped file, whose forms need no reading then.
    if (latest && text(latest, "hash") === hash) return latest;
    const wrong = bundleProblems(forms, model);
    if (wrong.length > 0) throw refused(wrong);
    if (latest && deployment.basedOn !== null && deployment.basedOn !== text(latest, "id")) {
      throw new RuntimeProblem(
        409,
        "DEFINITION_OUTDATED",
        {
          zh: `您打开之后，${text(latest, "deployed_by")} 已发布第 ${integer(latest, "version")} 版`,
          en: `${text(latest, "deployed_by")} has published version ${integer(latest, "version")} since you opened this one`,
        },
        { zh: "请打开新版本，再作修改", en: "Open the new version and make your change there" },
      );
    }
    if (latest) await tx.execute("UPDATE definition SET state = 'superseded' WHERE process_key = ?", [model.id]);
    const row = {
      id: newId(),
      process_key: model.id,
      version: latest ? integer(latest, "version") + 1 : 1,
      name_zh: model.name ?? model.id,
      name_en: model.documentation ?? model.name ?? model.id,
      xml: deployment.xml,
      forms: JSON.stringify(forms),
      hash,
      state: "published",
      comment: deployment.comment,
      deployed_by: deployment.by,
      deployed_at: deployment.now,
    };
    try {
      await tx.insert("definition", row);
    } catch (error) {
      if (isDuplicateKey(error)) throw new ConflictError("another publication took this version of the process first");
      throw error;
    }
    await recordStartEvents(tx, model, row.id, deployment.now);
    return row;
  });
  return { definition, warnings: problems.filter((found) => found.severity === "warning") };
}

/** What the server needs beyond what the engine runs: somebody must answer for every user task. */
export function serverProblems(model: ProcessModel): readonly Problem[] {
  return [...model.elements.values()].flatMap((node) =>
    node.kind === "userTask" && (node.at === null || node.role === null)
      ? [
          {
            code: "TASK_WITHOUT_ACTOR",
            severity: "error" as const,
            element: node.id,
            message: {
              zh: `环节 ${node.name ?? node.id} 未指定承办单位和角色（jieli:at、jieli:role）`,
              en: `Step ${node.name ?? node.id} names no organisation and role (jieli:at, jieli:role)`,
            },
          },
        ]
      : [],
  );
}

/** Throws the refusal that the designer reads when one of the problems is an error. */
export function requirePublishable(problems: readonly Problem[]): void {
  const errors = problems.filter((found) => found.severity === "error");
  if (errors.length > 0) throw refused(errors);
}

/** The refusal of a file, with each fault at its place. */
export function refused(problems: readonly Problem[]): RuntimeProblem {
  return new RuntimeProblem(
    422,
    "DEFINITION_REFUSED",
    {
      zh: `流程文件有 ${problems.length} 处错误，未发布`,
      en: `The process file has ${problems.length} error(s) and was not published`,
    },
    { zh: "请逐条更正后再发布", en: "Correct each and publish again" },
    problems.map(({ code, element, message }) => ({ code, place: element, message })),
  );
}
