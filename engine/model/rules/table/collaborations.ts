/** Message flows, participants and lanes. */
export const collaborationRules = {
  MESSAGE_FLOW_DANGLING: {
    clause: "9.4",
    zh: { rule: "消息流必须有起点和终点", mend: "请补上起点和终点" },
    en: { rule: "a message flow has a source and a target", mend: "give it both ends" },
  },
  MESSAGE_FLOW_WITHIN_POOL: {
    clause: "9.4",
    zh: { rule: "消息流必须连接两个不同的参与方", mend: "请改用顺序流" },
    en: { rule: "a message flow connects two different participants", mend: "use a sequence flow within one" },
  },
  MESSAGE_FLOW_SOURCE: {
    clause: "9.4",
    zh: { rule: "消息流只能从参与方、活动或消息抛出事件引出", mend: "请改正起点" },
    en: {
      rule: "a message flow leaves a participant, an activity or a throwing message event",
      mend: "correct its source",
    },
  },
  MESSAGE_FLOW_TARGET: {
    clause: "9.4",
    zh: { rule: "消息流只能指向参与方、活动或消息捕获事件", mend: "请改正终点" },
    en: {
      rule: "a message flow leads to a participant, an activity or a catching message event",
      mend: "correct its target",
    },
  },
  PARTICIPANT_MULTIPLICITY: {
    clause: "9.3",
    zh: { rule: "参与方的最小数量不能大于最大数量", mend: "请改正数量" },
    en: { rule: "the minimum of a participant is not above its maximum", mend: "correct the numbers" },
  },
  LANE_NODE_FOREIGN: {
    clause: "10.8",
    zh: { rule: "泳道只能包含本流程的元素", mend: "请从泳道中移除该元素" },
    en: { rule: "a lane holds elements of its own process", mend: "take the other element out" },
  },
  LANE_NODE_TWICE: {
    clause: "10.8",
    zh: { rule: "一个元素不能同时在同一泳道集的两个泳道中", mend: "请只留在一个泳道中" },
    en: { rule: "an element stands in one lane of a lane set", mend: "leave it in one" },
  },
} as const;
