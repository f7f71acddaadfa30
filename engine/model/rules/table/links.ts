/** Link events. */
export const linkRules = {
  LINK_MISSING: {
    clause: "10.5.5",
    zh: { rule: "链接事件必须有名称", mend: "请填写链接名称" },
    en: { rule: "a link event has a name", mend: "name the link" },
  },
  LINK_TARGET_MISSING: {
    clause: "10.5.5",
    zh: { rule: "链接抛出事件在同一层必须有同名的捕获事件", mend: "请添加捕获事件，或改正名称" },
    en: {
      rule: "a throwing link has a catching link of its name in the same scope",
      mend: "add the catching link, or correct the name",
    },
  },
  LINK_TARGET_AMBIGUOUS: {
    clause: "10.5.5",
    zh: { rule: "同一层一个名称只能有一个链接捕获事件", mend: "请把另一个改名" },
    en: { rule: "one link catches a name in a scope", mend: "rename the other one" },
  },
  LINK_SOURCE_MISSING: {
    clause: "10.5.5",
    zh: { rule: "链接捕获事件在同一层必须有同名的抛出事件", mend: "请添加抛出事件，或改正名称" },
    en: {
      rule: "a catching link has a throwing link of its name in the same scope",
      mend: "add the throwing link, or correct the name",
    },
  },
  LINK_HAS_INCOMING: {
    clause: "10.5.4",
    zh: { rule: "链接捕获事件不能有进入的顺序流", mend: "请把顺序流连到抛出事件" },
    en: { rule: "no sequence flow leads into a catching link", mend: "lead the flow to the throwing link" },
  },
  LINK_HAS_OUTGOING: {
    clause: "10.5.4",
    zh: { rule: "链接抛出事件不能引出顺序流", mend: "请从捕获事件引出" },
    en: { rule: "no sequence flow leaves a throwing link", mend: "let it leave the catching link" },
  },
} as const;
