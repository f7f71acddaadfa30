/** What a sequence flow may connect, and where conditions and defaults may stand. */
export const flowRules = {
  FLOW_DANGLING: {
    clause: "8.4.13",
    zh: { rule: "顺序流必须有起点和终点", mend: "请补上起点和终点，或删除该顺序流" },
    en: { rule: "a sequence flow has a source and a target", mend: "give it both ends, or delete it" },
  },
  FLOW_CROSSES_POOL: {
    clause: "7.6.1",
    zh: { rule: "顺序流不能跨越流程（泳池）", mend: "请改用消息流" },
    en: { rule: "a sequence flow stays within its process", mend: "use a message flow between processes" },
  },
  FLOW_CROSSES_SCOPE: {
    clause: "7.6.1",
    zh: { rule: "顺序流不能穿越子流程边界", mend: "请把它连到子流程本身" },
    en: {
      rule: "a sequence flow does not cross the border of a sub-process",
      mend: "connect it with the sub-process itself",
    },
  },
  FLOW_END_INVALID: {
    clause: "8.4.13",
    zh: { rule: "顺序流只能连接事件、活动和网关", mend: "请把它连到事件、活动或网关" },
    en: { rule: "a sequence flow connects events, activities and gateways", mend: "connect it with one of these" },
  },
  FLOW_INTO_START: {
    clause: "10.5.2",
    zh: { rule: "开始事件不能有进入的顺序流", mend: "请把顺序流连到开始事件之后的元素" },
    en: { rule: "no sequence flow leads into a start event", mend: "lead it to what follows the start event" },
  },
  FLOW_INTO_BOUNDARY: {
    clause: "10.5.4",
    zh: { rule: "边界事件不能有进入的顺序流", mend: "请把顺序流连到活动本身" },
    en: { rule: "no sequence flow leads into a boundary event", mend: "lead it to the activity" },
  },
  FLOW_OUT_OF_END: {
    clause: "10.5.3",
    zh: { rule: "结束事件不能引出顺序流", mend: "请改用中间事件，或删除该顺序流" },
    en: { rule: "no sequence flow leaves an end event", mend: "use an intermediate event, or delete the flow" },
  },
  FLOW_AT_EVENT_SUB_PROCESS: {
    clause: "13.5.4",
    zh: { rule: "事件子流程不能有进出的顺序流", mend: "请删除这些顺序流" },
    en: { rule: "an event sub-process has no sequence flow in or out", mend: "delete these flows" },
  },
  FLOW_AT_COMPENSATION_HANDLER: {
    clause: "10.7.1",
    zh: { rule: "补偿活动不能有进出的顺序流", mend: "请只用关联把它连到补偿边界事件" },
    en: {
      rule: "a compensation activity has no sequence flow in or out",
      mend: "connect it by an association with its boundary event alone",
    },
  },
  CONDITION_MISPLACED: {
    clause: "8.4.13",
    zh: { rule: "只有排他、包容、复杂网关和活动引出的顺序流可以有条件", mend: "请删除条件，或在此之前加一个排他网关" },
    en: {
      rule: "only flows that leave an exclusive, inclusive or complex gateway or an activity have a condition",
      mend: "delete the condition, or put an exclusive gateway before it",
    },
  },
  CONDITION_ALONE: {
    clause: "8.4.13",
    zh: { rule: "活动引出有条件的顺序流时，至少还要有另一条引出的顺序流", mend: "请补上默认顺序流" },
    en: {
      rule: "an activity with a conditional flow has at least one other outgoing flow",
      mend: "add a default flow",
    },
  },
  DEFAULT_MISPLACED: {
    clause: "8.4.13",
    zh: { rule: "只有排他、包容、复杂网关和活动可以有默认顺序流", mend: "请删除 default 属性" },
    en: {
      rule: "only an exclusive, inclusive or complex gateway or an activity has a default flow",
      mend: "delete the attribute default",
    },
  },
  DEFAULT_FLOW_FOREIGN: {
    clause: "8.4.13",
    zh: { rule: "默认顺序流必须从该元素引出", mend: "请选择它自己引出的顺序流" },
    en: { rule: "a default flow leaves the element that names it", mend: "name one of its own outgoing flows" },
  },
} as const;
