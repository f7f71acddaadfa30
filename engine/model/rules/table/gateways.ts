/** Directions of gateways, and what may stand behind an event-based one. */
export const gatewayRules = {
  GATEWAY_DIRECTION_BROKEN: {
    clause: "10.6.1",
    zh: { rule: "网关的连线必须与其方向（gatewayDirection）相符", mend: "请改正方向或连线" },
    en: { rule: "the flows of a gateway agree with its gatewayDirection", mend: "correct the direction or the flows" },
  },
  ACTIVATION_CONDITION_MISSING: {
    clause: "10.6.5",
    zh: { rule: "汇聚多条顺序流的复杂网关必须有激活条件", mend: "请填写 activationCondition" },
    en: {
      rule: "a complex gateway that joins several flows has an activation condition",
      mend: "write its activationCondition",
    },
  },
  EVENT_GATEWAY_TARGET: {
    clause: "10.6.6",
    zh: { rule: "事件网关只能连到捕获事件或接收任务", mend: "请在其后放捕获事件或接收任务" },
    en: {
      rule: "an event-based gateway leads to catching events and receive tasks",
      mend: "put one of these behind it",
    },
  },
  EVENT_GATEWAY_TOO_FEW: {
    clause: "10.6.6",
    zh: { rule: "事件网关至少要有两条引出的顺序流", mend: "请再加一个事件，或去掉网关" },
    en: {
      rule: "at least two sequence flows leave an event-based gateway",
      mend: "add another event, or do without the gateway",
    },
  },
  EVENT_GATEWAY_TARGET_SHARED: {
    clause: "10.6.6",
    zh: { rule: "事件网关后的事件不能有其他进入的顺序流", mend: "请把其他顺序流连到别处" },
    en: {
      rule: "no other sequence flow leads into an event behind an event-based gateway",
      mend: "lead the other flow elsewhere",
    },
  },
  EVENT_GATEWAY_MIXED: {
    clause: "10.6.6",
    zh: { rule: "事件网关后不能混用消息事件和接收任务", mend: "请只用其中一种" },
    en: {
      rule: "message events and receive tasks do not stand behind one event-based gateway",
      mend: "use one of the two",
    },
  },
  EVENT_GATEWAY_TRIGGER: {
    clause: "10.6.6",
    zh: { rule: "事件网关后只能是消息、定时、信号、条件或多重事件", mend: "请换一类事件" },
    en: {
      rule: "only message, timer, signal, conditional and multiple events stand behind an event-based gateway",
      mend: "choose one of these",
    },
  },
  EVENT_GATEWAY_BOUNDARY: {
    clause: "10.6.6",
    zh: { rule: "事件网关后的接收任务不能有边界事件", mend: "请删除边界事件" },
    en: {
      rule: "a receive task behind an event-based gateway has no boundary event",
      mend: "delete the boundary event",
    },
  },
  EVENT_GATEWAY_PARALLEL: {
    clause: "10.6.6",
    zh: { rule: "只有实例化的事件网关可以是并行的", mend: "请改为 Exclusive" },
    en: { rule: "only an instantiating event-based gateway is parallel", mend: "make it Exclusive" },
  },
  INSTANTIATE_HAS_INCOMING: {
    clause: "10.6.6",
    zh: { rule: "启动流程的网关或接收任务不能有进入的顺序流", mend: "请删除进入的顺序流，或取消 instantiate" },
    en: {
      rule: "what starts a process has no incoming sequence flow",
      mend: "delete the flow, or the attribute instantiate",
    },
  },
} as const;
