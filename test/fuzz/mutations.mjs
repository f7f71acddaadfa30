import fc from "fast-check";

/** Texts that programs stumble over: names of JavaScript's own objects, numbers at the edge, markup in values, FEEL garbage. */
const oddities = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "prototype",
  "",
  " ",
  "\u0000",
  "\uFFFF",
  "\uD800",
  "-1",
  "0",
  "1e309",
  "99999999999999999999",
  "NaN",
  "true",
  "null",
  "P99999999999Y",
  "R999999999/PT0S",
  "R/PT1S",
  "* * * * *",
  "2026-02-30T25:61:61Z",
  "省级数据共享",
  "𠀀𠀁",
  "&amp;&lt;&#0;&#xD800;&#x10FFFF;&nope;",
  "]]>",
  "<!--",
  "<![CDATA[",
  "<?xml version='1.0' encoding='UTF-16'?>",
  "<!DOCTYPE a [<!ENTITY b 'c'>]>",
  "${environment}",
  "for x in 1..1000000000 return x",
  "((((((((((",
  "[[[[[[[[[[",
  'matches("aaaa", "(a+)+$")',
  "if if if then",
  "a in (b",
  "function(x) x(x)",
  "bpmn:userTask",
  "xsi:type",
  "../../../etc/passwd",
];

const kinds = {
  flipByte: (text, a, b) => splice(text, a, 1, String.fromCharCode(b % 0x250)),
  deleteSome: (text, a, b) => splice(text, a, b % 40, ""),
  truncate: (text, a) => text.slice(0, place(text, a)),
  insertOddity: (text, a, b) => splice(text, a, 0, oddities[b % oddities.length]),
  oddValue: (text, a, b) => replaceNth(text, /="[^"]*"/g, a, () => `="${oddities[b % oddities.length]}"`),
  oddText: (text, a, b) => replaceNth(text, />[^<]+</g, a, () => `>${oddities[b % oddities.length]}<`),
  swapValues: (text, a, b) => swap(text, /="[^"]*"/g, a, b),
  swapTags: (text, a, b) => swap(text, /<[a-zA-Z:]+/g, a, b),
  renameTag: (text, a, b) => {
    const names = text.match(/<[a-zA-Z:]+/g) ?? ["<a"];
    const [from, to] = [names[a % names.length], names[b % names.length]];
    return text.replaceAll(from, to).replaceAll(from.replace("<", "</"), to.replace("<", "</"));
  },
  dropAttribute: (text, a) => replaceNth(text, / [a-zA-Z:]+="[^"]*"/g, a, () => ""),
  dropLine: (text, a) => replaceNth(text, /.*\n/g, a, () => ""),
  repeatLine: (text, a, b) => replaceNth(text, /.*\n/g, a, (line) => line.repeat((b % 200) + 1)),
  moveLine: (text, a, b) => {
    const lines = text.split("\n");
    const [line] = lines.splice(a % lines.length, 1);
    lines.splice(b % (lines.length + 1), 0, line);
    return lines.join("\n");
  },
  repeatSubtree: (text, a, b) => atSubtree(text, a, (tree) => tree.repeat((b % 30) + 2)),
  copySubtree: (text, a, b) => {
    const tree = subtrees(text)[a % Math.max(1, subtrees(text).length)] ?? "";
    return splice(text, b, 0, tree);
  },
  deleteSubtree: (text, a) => atSubtree(text, a, () => ""),
  nestSubtree: (text, a, b) =>
    atSubtree(text, a, (tree) => {
      const levels = b % 300;
      const opened = Array.from({ length: levels }, (_, level) => `<subProcess id="n${a}_${level}">`).join("");
      return opened + tree + "</subProcess>".repeat(levels);
    }),
  manyAttributes: (text, a, b) =>
    replaceNth(
      text,
      /<[a-zA-Z:]+/g,
      a,
      (tag) => tag + Array.from({ length: b % 4000 }, (_, i) => ` a${i}="${i}"`).join(""),
    ),
  manySiblings: (text, a, b) =>
    replaceNth(text, /<\/[a-zA-Z:]*process>/g, a, (end) => `<task id="m"/>`.repeat(b % 30000) + end),
  longText: (text, a, b) => splice(text, a, 0, "长文".repeat(b % 100_000)),
  brackets: (text, a, b) => replaceNth(text, />[^<]+</g, a, () => `>${"(".repeat(b % 3000)}<`),
  encoding: (text) => text.replace("UTF-8", "UTF-16"),
  byteOrderMark: (text) => `\uFEFF${text}`,
};

function place(text, at) {
  return text.length === 0 ? 0 : at % text.length;
}

function splice(text, at, length, inserted) {
  const from = place(text, at);
  return text.slice(0, from) + inserted + text.slice(from + length);
}

function replaceNth(text, pattern, n, replacement) {
  const found = [...text.matchAll(pattern)];
  const match = found[n % Math.max(1, found.length)];
  if (!match) return text;
  return text.slice(0, match.index) + replacement(match[0]) + text.slice(match.index + match[0].length);
}

function swap(text, pattern, a, b) {
  const found = [...text.matchAll(pattern)];
  const [one, other] = [found[a % Math.max(1, found.length)], found[b % Math.max(1, found.length)]].sort(
    (left, right) => (left?.index ?? 0) - (right?.index ?? 0),
  );
  if (!one || !other || one === other) return text;
  const between = text.slice(one.index + one[0].length, other.index);
  return text.slice(0, one.index) + other[0] + between + one[0] + text.slice(other.index + other[0].length);
}

function subtrees(text) {
  return text.match(/<([a-zA-Z:]+)(?: [^<>]*)?>[^<>]*<\/\1>|<[a-zA-Z:]+(?: [^<>]*)?\/>/g) ?? [];
}

function atSubtree(text, n, change) {
  const trees = subtrees(text);
  const tree = trees[n % Math.max(1, trees.length)];
  return tree === undefined ? text : text.replace(tree, () => change(tree));
}

/** Which file is changed, and how: a few changes one after the other. */
export const mutants = fc.record({
  file: fc.nat(),
  changes: fc.array(fc.tuple(fc.constantFrom(...Object.keys(kinds)), fc.nat(), fc.nat()), {
    minLength: 1,
    maxLength: 4,
  }),
});

/** The text of a mutant of one of `files`. */
export function mutate(files, { file, changes }) {
  return changes.reduce((text, [kind, a, b]) => kinds[kind](text, a, b), files[file % files.length]);
}
