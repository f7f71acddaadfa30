import { BpmnModdle } from "bpmn-moddle";
import { jieliModdle } from "../model/jieli-moddle.ts";
import { parseBpmn } from "../model/parse.ts";
import { problem, type Problem } from "../model/problems.ts";
import { translateActors, translateDueDates, translateStarters } from "./actors.ts";
import { Book, type Destination } from "./book.ts";
import { translateCall } from "./calls.ts";
import { translateExpression } from "./conditions.ts";
import { takeForeign, type Engine } from "./foreign.ts";
import type { ImportedForm } from "./forms/form-file.ts";
import { translateCarriedForms, translateForms } from "./forms/forms.ts";
import { tellLeftovers } from "./leftovers.ts";
import { translateLoop } from "./loops.ts";
import { translateEvents } from "./messages.ts";
import type { Note } from "./notes.ts";
import { translateTaskMappings } from "./task-mappings.ts";
import { asEditable, isDeeperThan } from "./tree.ts";
import { translateWork } from "./work.ts";

export type Translation =
  | { readonly type: "refused"; readonly problems: readonly Problem[] }
  | {
      readonly type: "translated";
      /** BPMN with `jieli:` attributes and the drawing as it was; the very same text where nothing was foreign. */
      readonly xml: string;
      /** Engines whose attributes the file carried. */
      readonly engines: readonly Engine[];
      readonly translated: readonly Note[];
      readonly untranslated: readonly Note[];
      /** Forms that were written within the file. */
      readonly forms: readonly ImportedForm[];
    };

/** Levels of elements in elements; eight sub-processes in each other, with all that is written on a step, take about thirty. */
const deepest = 100;
const tooDeep = problem(
  "NESTING_TOO_DEEP",
  null,
  `文件中的元素嵌套超过 ${deepest} 层；请拆分流程`,
  `Elements stand in each other more than ${deepest} deep; split the process`,
);

/**
 * Brings a file of Camunda 7, Camunda 8, Flowable or Activiti into our words: what means the same is translated, everything
 * else is listed and never silently dropped. A file that the gate refuses stays refused; never throws for what a file holds.
 */
export async function translate(xml: string, destination: Destination): Promise<Translation> {
  const parsed = await parseBpmn(xml);
  const root = asEditable(parsed.definitions);
  const readByUs = parsed.unresolved.filter(({ property }) => property === "bpmn:loopDataInputRef");
  const problems = parsed.problems.filter(
    (found) => found.severity === "error" && !readByUs.some((reference) => reference.problem === found),
  );
  if (!root || problems.length > 0) return { type: "refused", problems };
  if (isDeeperThan(deepest, root)) return { type: "refused", problems: [tooDeep] };
  const { engines, sites } = takeForeign(root);
  const book = new Book(root, engines.includes("camunda8") ? "feel" : "juel", destination);
  for (const site of sites) {
    translateActors(site, book);
    translateStarters(site, book);
    translateDueDates(site, book);
    translateForms(site, book);
    translateCarriedForms(site, book);
    translateWork(site, book);
    translateCall(site, book);
    translateTaskMappings(site, book);
    translateLoop(site, book, readByUs);
    translateExpression(site, book);
    translateEvents(site, book);
    tellLeftovers(site, book);
  }
  book.finish();
  const { translated, untranslated, forms } = book;
  const all = book.needless.size > 0 ? [...translated, needlessNote(book.needless)] : translated;
  if (engines.length === 0 && all.length + untranslated.length === 0)
    return { type: "translated", xml, engines, translated, untranslated, forms };
  const written = await new BpmnModdle({ jieli: jieliModdle }).toXML(root, { format: true });
  return { type: "translated", xml: written.xml, engines, translated: all, untranslated, forms };
}

/** One line for all that concerns transactions, retries and storage. */
function needlessNote(needless: ReadonlyMap<string, number>): Note {
  const was = [...needless].map(([place, times]) => `${place} ×${times}`).join(", ");
  return {
    element: null,
    place: "*",
    was,
    became: "",
    message: {
      zh: `以下设定涉及事务、重试、存储或绘图工具，这里由系统统一处理，已去除：${was}`,
      en: `These concern transactions, retries, storage or the drawing tool; the system sees to that by itself, and they were taken out: ${was}`,
    },
  };
}
