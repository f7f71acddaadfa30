import { rewrite, type Book } from "./book.ts";
import { sayInFeel, textInFeel } from "./expressions.ts";
import { outline, type ForeignElement, type Site, type Told } from "./foreign.ts";

/** A value that is copied, in our words. */
export interface Copied {
  readonly told: Told;
  readonly source: string;
  readonly target: string;
}

const noScript = {
  zh: "脚本会在引擎中运行，不接受；请用 FEEL 写出结果",
  en: "a script would run in the engine and is not accepted; write its result in FEEL",
};
const plainTarget = {
  zh: "目标须是一个变量名；请改写",
  en: "the target must be the name of one variable; write it anew",
};

/** What entries of `inputOutput`, `ioMapping`, `in` or `out` copy; those that cannot be said are listed instead. */
export function copiedValues(
  site: Site,
  book: Book,
  entries: readonly ForeignElement[] | undefined,
): readonly Copied[] {
  return (entries ?? []).map((entry) => copiedValue(site, book, entry)).filter((copied) => copied !== null);
}

/** One parameter of `inputOutput` or `ioMapping`; `null` where it was listed instead. */
function copiedValue(site: Site, book: Book, entry: ForeignElement): Copied | null {
  const target = entry.attributes["target"] ?? entry.attributes["name"] ?? "";
  const told = { place: entry.place, was: outline(entry) };
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(target)) {
    book.left(site, told, plainTarget);
    return null;
  }
  const source = "source" in entry.attributes ? attributeFeel(site, book, entry) : valueFeel(site, book, entry);
  return source === null ? null : { told, source, target };
}

function attributeFeel(site: Site, book: Book, entry: ForeignElement): string | null {
  return book.inFeel(site, { place: entry.place, was: entry.attributes["source"] ?? "" }, textInFeel);
}

/** A text, an expression, or a list or map of such. */
function valueFeel(site: Site, book: Book, { place, text, children }: ForeignElement): string | null {
  const [child] = children;
  if (!child) return text === "" ? "null" : book.inFeel(site, { place, was: text }, textInFeel);
  switch (child.name) {
    case "list":
      return joined(
        child.children.map((item) => valueFeel(site, book, { ...item, place })),
        "[",
        "]",
      );
    case "map": {
      const entries = child.children.map((item) => {
        const value = valueFeel(site, book, { ...item, place });
        return value === null ? null : `${textInFeel(item.attributes["key"] ?? "")}: ${value}`;
      });
      return joined(entries, "{", "}");
    }
    default:
      book.left(site, { place: child.place, was: outline(child) }, noScript);
      return null;
  }
}

function joined(parts: readonly (string | null)[], open: string, close: string): string | null {
  return parts.includes(null) ? null : `${open}${parts.join(", ")}${close}`;
}

/** The name of a variable as FEEL; `null` where FEEL cannot say it. */
export function variableFeel(site: Site, book: Book, told: Told, name: string): string | null {
  const said = sayInFeel(`\${${name}}`, "juel");
  if (said.type === "feel") return said.source;
  if (said.type === "refused") book.left(site, told, rewrite(said.reason));
  return null;
}
