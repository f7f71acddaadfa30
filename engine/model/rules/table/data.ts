/** Data objects, input and output specifications and what copies between them. */
export const dataRules = {
  DATA_REFERENCE_EMPTY: {
    clause: "10.4.1",
    zh: { rule: "数据对象引用必须指向数据对象", mend: "请填写 dataObjectRef" },
    en: { rule: "a data object reference names a data object", mend: "write dataObjectRef" },
  },
  MAPPING_INCOMPLETE: {
    clause: "10.4.1",
    zh: { rule: "数据关联和变量映射必须有来源和目标", mend: "请补上来源和目标" },
    en: { rule: "a data association or mapping has a source and a target", mend: "add both ends" },
  },
  DATA_SOURCES_AMBIGUOUS: {
    clause: "10.4.1",
    zh: { rule: "没有转换的数据关联只能有一个来源", mend: "请只留一个来源，或写转换表达式" },
    en: {
      rule: "a data association without a transformation has one source",
      mend: "keep one source, or write a transformation",
    },
  },
  DATA_SETS_MISSING: {
    clause: "10.4.1",
    zh: { rule: "输入输出规格必须有输入集和输出集", mend: "请加上输入集和输出集" },
    en: { rule: "an ioSpecification has an input set and an output set", mend: "add both" },
  },
  DATA_SET_FOREIGN: {
    clause: "10.4.1",
    zh: { rule: "输入集和输出集只能包含本规格的数据", mend: "请改正引用" },
    en: { rule: "an input or output set names data of its own specification", mend: "correct the reference" },
  },
  DATA_IN_NO_SET: {
    clause: "10.4.1",
    zh: { rule: "每个数据输入和输出必须属于某个输入集或输出集", mend: "请把它加入输入集或输出集" },
    en: { rule: "each data input and output belongs to a set", mend: "add it to one" },
  },
  DATA_OPTIONAL_FOREIGN: {
    clause: "10.4.1",
    zh: { rule: "可选或执行中使用的数据必须属于该集合", mend: "请先把它列入该集合" },
    en: {
      rule: "optional and while-executing data belong to the set that names them",
      mend: "list them in the set itself",
    },
  },
} as const;
