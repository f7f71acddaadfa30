import type { Book } from "./book.ts";
import { outline, type ForeignElement, type Site, type Told } from "./foreign.ts";
import { copiedValue, variableFeel, type Copied } from "./parameters.ts";
import { addMapping } from "./tree.ts";

/** Which data a call hands over and takes back. */
interface Handed {
  /** What asks for everything, where something does. */
  readonly everythingIn: Told | null;
  readonly everythingOut: Told | null;
  readonly inputs: readonly Copied[];
  readonly outputs: readonly Copied[];
}

const seesAll = {
  zh: "原引擎在此不传递（或不传回）变量，而这里没有映射时传入并传回全部变量；请用 jieli:in、jieli:out 写明",
  en: "the other engine hands over (or back) nothing here, while a call without mappings sees and gives back everything; name what passes with jieli:in and jieli:out",
};
const namedOnly = {
  zh: "有映射时只传递写明的变量，不再传递全部；请补上还需要的变量（jieli:in、jieli:out）",
  en: "with mappings only what they name passes, no longer everything; add what else is needed (jieli:in, jieli:out)",
};
export const noBusinessKey = {
  zh: "没有业务键；请用变量传递（jieli:in）",
  en: "there is no business key; hand it over as a variable (jieli:in)",
};
const noClass = {
  zh: "映射由代码完成，不接受；请用 jieli:in、jieli:out 写明",
  en: "the mapping is done by code, which is not accepted; name what passes with jieli:in and jieli:out",
};

/** The data of a call activity. Ours passes everything both ways without mappings, and only what they name with them. */
export function translateCallMappings(site: Site, book: Book, zeebe: ForeignElement | null): void {
  for (const name of ["variableMappingClass", "variableMappingDelegateExpression"]) {
    const told = site.foreign.attribute(name);
    if (told) book.left(site, told, noClass);
  }
  const handed = zeebe ? ofZeebe(site, book, zeebe) : ofOthers(site, book);
  write(site, book, "jieli:In", handed.inputs);
  write(site, book, "jieli:Out", handed.outputs);
  const everything = [handed.everythingIn, handed.everythingOut].filter((told) => told !== null);
  if (handed.inputs.length + handed.outputs.length > 0) {
    for (const told of everything) book.left(site, told, namedOnly);
    return;
  }
  const [first, second] = everything;
  if (!first || !second) book.left(site, first ?? { place: site.element.$type, was: "" }, seesAll);
  else if (first.was !== "") for (const told of everything) book.became(site, told, "（全部变量 all variables）");
}

function write(site: Site, book: Book, type: "jieli:In" | "jieli:Out", copied: readonly Copied[]): void {
  for (const { told, source, target } of copied) {
    addMapping(site.element, type, { source, target });
    book.became(site, told, `${type.toLowerCase()} source="${source}" target="${target}"`);
  }
}

/** Camunda 7 and Flowable pass what is named, or everything where `variables="all"` or `inheritVariables` says so. */
function ofOthers(site: Site, book: Book): Handed {
  const { foreign } = site;
  const [ins, outs] = [foreign.elements("in"), foreign.elements("out")];
  const parameters = foreign.elements("inputOutput").flatMap(({ children }) => children);
  const inherit = foreign.attribute("inheritVariables");
  return {
    everythingIn: everythingOf(ins) ?? (inherit?.was === "true" ? inherit : null),
    everythingOut: everythingOf(outs),
    inputs: [...named(site, book, ins), ...parametersOf(site, book, parameters, "inputParameter")],
    outputs: [...named(site, book, outs), ...parametersOf(site, book, parameters, "outputParameter")],
  };
}

function everythingOf(entries: readonly ForeignElement[]): Told | null {
  const found = entries.find(({ attributes }) => attributes["variables"] === "all");
  return found ? { place: found.place, was: outline(found) } : null;
}

function named(site: Site, book: Book, entries: readonly ForeignElement[]): readonly Copied[] {
  return entries.flatMap((entry) => {
    const { source, sourceExpression, target, businessKey, variables } = entry.attributes;
    const told = { place: entry.place, was: outline(entry) };
    if (businessKey !== undefined) book.left(site, told, noBusinessKey);
    if (businessKey !== undefined || variables === "all") return [];
    if (sourceExpression !== undefined || source === undefined) {
      const copied = copiedValue(site, book, {
        ...entry,
        attributes: { source: sourceExpression ?? "", target: target ?? "" },
      });
      return copied ? [copied] : [];
    }
    const feel = variableFeel(site, book, told, source);
    return feel !== null && target !== undefined ? [{ told, source: feel, target }] : [];
  });
}

function parametersOf(
  site: Site,
  book: Book,
  parameters: readonly ForeignElement[],
  name: "inputParameter" | "outputParameter",
): readonly Copied[] {
  return parameters
    .filter((parameter) => parameter.name === name)
    .map((parameter) => copiedValue(site, book, parameter))
    .filter((copied) => copied !== null);
}

/** Camunda 8 passes everything unless told otherwise; an output mapping replaces what would come back. */
function ofZeebe(site: Site, book: Book, zeebe: ForeignElement): Handed {
  const mappings = site.foreign.elements("ioMapping").flatMap(({ children }) => children);
  const of = (name: string) =>
    mappings
      .filter((mapping) => mapping.name === name)
      .map((mapping) => copiedValue(site, book, mapping))
      .filter((copied) => copied !== null);
  const [inputs, outputs] = [of("input"), of("output")];
  const everything = (name: string): Told | null => {
    const was = zeebe.attributes[name];
    return was === "false" ? null : { place: `${zeebe.place} ${name}`, was: was ?? "" };
  };
  return {
    everythingIn: everything("propagateAllParentVariables"),
    everythingOut: outputs.length > 0 ? null : everything("propagateAllChildVariables"),
    inputs,
    outputs,
  };
}
