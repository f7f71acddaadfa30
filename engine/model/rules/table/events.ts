/** What events may stand where, and what their definitions must say. */
export const eventRules = {
  EVENT_DEFINITION_MISPLACED: {
    clause: "10.5.5",
    zh: { rule: "此处不能使用该类事件", mend: "请换一类事件" },
    en: { rule: "an event of this kind may not stand here", mend: "choose another kind of event" },
  },
  SUB_PROCESS_START_TRIGGERED: {
    clause: "10.5.2",
    zh: { rule: "嵌入子流程只能由空开始事件开始", mend: "请删除事件定义，或改为事件子流程" },
    en: {
      rule: "an embedded sub-process begins with a none start event",
      mend: "delete the definition, or make it an event sub-process",
    },
  },
  EVENT_SUB_PROCESS_START_COUNT: {
    clause: "13.5.4",
    zh: { rule: "事件子流程必须恰有一个开始事件", mend: "请只保留一个开始事件" },
    en: { rule: "an event sub-process has exactly one start event", mend: "keep one start event" },
  },
  EVENT_MUST_INTERRUPT: {
    clause: "10.5.6",
    zh: { rule: "错误、取消和补偿事件总是中断", mend: "请删除不中断的设置" },
    en: {
      rule: "an error, cancel or compensation event always interrupts",
      mend: "delete the setting that it does not",
    },
  },
  CANCEL_END_OUTSIDE_TRANSACTION: {
    clause: "10.5.3",
    zh: { rule: "取消结束事件只能用于事务子流程", mend: "请改为普通结束事件，或放进事务子流程" },
    en: {
      rule: "a cancel end event stands in a transaction",
      mend: "use another end event, or put it in a transaction",
    },
  },
  TIMER_MISSING: {
    clause: "10.5.5",
    zh: { rule: "定时事件必须设定时间", mend: "请设定日期、时长或周期" },
    en: { rule: "a timer has a time", mend: "set a date, a duration or a cycle" },
  },
  TIMER_AMBIGUOUS: {
    clause: "10.5.5",
    zh: { rule: "定时事件只能设定日期、时长、周期之一", mend: "请只保留一个" },
    en: { rule: "a timer has one of a date, a duration and a cycle", mend: "keep one of them" },
  },
  TIMER_INVALID: {
    clause: "10.5.5",
    zh: { rule: "定时的时间须按 ISO 8601 书写，或是 FEEL 表达式", mend: "请改正其写法，如 P3D" },
    en: { rule: "the time of a timer is ISO 8601 text or FEEL", mend: "correct it, for example to P3D" },
  },
  MESSAGE_MISSING: {
    clause: "10.5.5",
    zh: { rule: "消息事件和接收任务必须指定消息", mend: "请选择或新建消息" },
    en: { rule: "a message event or receive task names a message", mend: "choose or add a message" },
  },
  SIGNAL_MISSING: {
    clause: "10.5.5",
    zh: { rule: "信号事件必须指定信号", mend: "请选择或新建信号" },
    en: { rule: "a signal event names a signal", mend: "choose or add a signal" },
  },
  EVENT_CONDITION_MISSING: {
    clause: "10.5.5",
    zh: { rule: "条件事件必须有条件", mend: "请填写条件" },
    en: { rule: "a conditional event has a condition", mend: "write its condition" },
  },
  ERROR_CODE_MISSING: {
    clause: "10.5.5",
    zh: { rule: "抛出的错误必须有错误代码", mend: "请指定带代码的错误" },
    en: { rule: "an error that is thrown has a code", mend: "name an error with a code" },
  },
  ESCALATION_CODE_MISSING: {
    clause: "10.5.5",
    zh: { rule: "抛出的升级必须有升级代码", mend: "请指定带代码的升级" },
    en: { rule: "an escalation that is thrown has a code", mend: "name an escalation with a code" },
  },
  COMPENSATION_TARGET_INVALID: {
    clause: "10.5.5",
    zh: { rule: "补偿事件指定的活动必须在同一层且可以补偿", mend: "请选择同一层可补偿的活动，或不指定" },
    en: {
      rule: "a compensation event names an activity of its own scope that something compensates",
      mend: "name such an activity, or none",
    },
  },
} as const;
