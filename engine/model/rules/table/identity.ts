/** Ids and references of a file. */
export const identityRules = {
  ID_DUPLICATE: {
    clause: "8.3.1",
    zh: { rule: "一个标识只能属于一个元素", mend: "请给其中一个元素换一个标识" },
    en: { rule: "an id belongs to one element", mend: "give one of the elements another id" },
  },
  ID_INVALID: {
    clause: "8.3.1",
    zh: { rule: "标识须以拉丁字母或下划线开头，只含拉丁字母、数字和 - _ .", mend: "请换一个标识" },
    en: {
      rule: "an id begins with a Latin letter or underscore and holds Latin letters, digits, - _ . only",
      mend: "choose another id",
    },
  },
  REFERENCE_DANGLING: {
    clause: "15.3.2",
    zh: { rule: "引用必须指向文件中的元素", mend: "请改正引用，或补上被引用的元素" },
    en: { rule: "a reference names an element of the file", mend: "correct the reference, or add the element" },
  },
} as const;
