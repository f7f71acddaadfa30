/** Loops, quantities, resources, calls, ad-hoc contents and scripts. */
export const activityRules = {
  LOOP_AMBIGUOUS: {
    clause: "10.3.8",
    zh: { rule: "多实例不能同时指定次数和集合", mend: "请只保留一个" },
    en: { rule: "multi-instance has a cardinality or a collection, not both", mend: "keep one of them" },
  },
  LOOP_INCOMPLETE: {
    clause: "10.3.8",
    zh: { rule: "标准循环必须有条件或最多次数", mend: "请填写 loopCondition 或 loopMaximum" },
    en: { rule: "a standard loop has a condition or a maximum", mend: "write loopCondition or loopMaximum" },
  },
  LOOP_MAXIMUM_INVALID: {
    clause: "10.3.8",
    zh: { rule: "循环的最多次数必须是正整数", mend: "请改正次数" },
    en: { rule: "the maximum of a loop is a whole number above zero", mend: "correct it" },
  },
  MULTI_INSTANCE_INCOMPLETE: {
    clause: "10.3.8",
    zh: { rule: "多实例必须有次数或集合", mend: "请填写次数或集合" },
    en: { rule: "multi-instance has a cardinality or a collection", mend: "write one of them" },
  },
  LOOP_EVENT_MISSING: {
    clause: "10.3.8",
    zh: { rule: "多实例的行为为 One 或 None 时必须指定事件", mend: "请指定事件，或把行为改为 All" },
    en: {
      rule: "multi-instance of behaviour One or None names the event that it throws",
      mend: "name it, or choose the behaviour All",
    },
  },
  LOOP_BEHAVIOUR_INCOMPLETE: {
    clause: "10.3.8",
    zh: { rule: "多实例的复杂行为必须有条件和隐式抛出事件", mend: "请补上 complexBehaviorDefinition 的条件和事件" },
    en: {
      rule: "complex behaviour of multi-instance has conditions and the events that they throw",
      mend: "complete its complexBehaviorDefinition",
    },
  },
  QUANTITY_INVALID: {
    clause: "10.3",
    zh: { rule: "startQuantity 和 completionQuantity 必须是正整数", mend: "请改正数量" },
    en: { rule: "startQuantity and completionQuantity are whole numbers above zero", mend: "correct them" },
  },
  AD_HOC_HOLDS_EVENT: {
    clause: "10.3.5",
    zh: { rule: "即席子流程不能有开始或结束事件", mend: "请删除该事件" },
    en: { rule: "an ad-hoc sub-process has no start and no end event", mend: "delete the event" },
  },
  AD_HOC_EMPTY: {
    clause: "10.3.5",
    zh: { rule: "即席子流程必须含有活动", mend: "请加上活动" },
    en: { rule: "an ad-hoc sub-process holds an activity", mend: "add one" },
  },
  SCRIPT_MISSING: {
    clause: "10.3.3",
    zh: { rule: "脚本任务必须有脚本", mend: "请填写脚本" },
    en: { rule: "a script task has a script", mend: "write it" },
  },
  CALLED_PROCESS_MISSING: {
    clause: "10.3.6",
    zh: { rule: "调用活动必须指定被调用的流程", mend: "请填写 calledElement" },
    en: { rule: "a call activity names what it calls", mend: "write calledElement" },
  },
  CALLED_ELEMENT_INVALID: {
    clause: "10.3.6",
    zh: { rule: "调用活动只能调用流程或全局任务", mend: "请改为流程或全局任务的标识" },
    en: { rule: "a call activity calls a process or a global task", mend: "name one of these" },
  },
  RESOURCE_AMBIGUOUS: {
    clause: "10.3.1",
    zh: { rule: "资源角色不能同时指定资源和分派表达式", mend: "请只保留一个" },
    en: { rule: "a resource role has a resource or an assignment expression, not both", mend: "keep one of them" },
  },
  OPERATION_MESSAGE_DIFFERS: {
    clause: "10.3.3",
    zh: { rule: "任务的消息必须与所用操作的输入消息一致", mend: "请改正消息或操作" },
    en: {
      rule: "the message of a task is the in-message of its operation",
      mend: "correct the message or the operation",
    },
  },
  OPERATION_INCOMPLETE: {
    clause: "8.5",
    zh: { rule: "服务操作必须有输入消息", mend: "请填写 inMessageRef" },
    en: { rule: "an operation of an interface has an in-message", mend: "write inMessageRef" },
  },
  INTERFACE_EMPTY: {
    clause: "8.5",
    zh: { rule: "服务接口至少要有一个操作", mend: "请加上操作，或删除接口" },
    en: { rule: "an interface has at least one operation", mend: "add one, or delete the interface" },
  },
} as const;
