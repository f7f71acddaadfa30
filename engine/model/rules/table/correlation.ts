/** Correlation properties, and how processes subscribe to them. */
export const correlationRules = {
  CORRELATION_UNRETRIEVABLE: {
    clause: "8.4.2",
    zh: { rule: "关联属性至少要有一个取值表达式", mend: "请加上 correlationPropertyRetrievalExpression" },
    en: { rule: "a correlation property has at least one retrieval expression", mend: "add one" },
  },
  CORRELATION_RETRIEVAL_INCOMPLETE: {
    clause: "8.4.2",
    zh: { rule: "关联取值表达式必须指定消息和路径", mend: "请补上消息和路径" },
    en: { rule: "a correlation retrieval names a message and a path", mend: "add both" },
  },
  CORRELATION_SUBSCRIPTION_KEYLESS: {
    clause: "8.4.2",
    zh: { rule: "关联订阅必须指定关联键", mend: "请填写 correlationKeyRef" },
    en: { rule: "a correlation subscription names a correlation key", mend: "write correlationKeyRef" },
  },
  CORRELATION_BINDING_INCOMPLETE: {
    clause: "8.4.2",
    zh: { rule: "关联绑定必须指定属性和数据路径", mend: "请补上属性和数据路径" },
    en: { rule: "a correlation binding names a property and a data path", mend: "add both" },
  },
  CORRELATION_BINDING_FOREIGN: {
    clause: "8.4.2",
    zh: { rule: "关联绑定的属性必须属于订阅的关联键", mend: "请改正属性，或把它加入关联键" },
    en: {
      rule: "a correlation binding names a property of the key that is subscribed to",
      mend: "correct it, or add it to the key",
    },
  },
} as const;
