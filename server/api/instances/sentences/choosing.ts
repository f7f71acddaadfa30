import { bilingualIn, textIn, type Payload, type Sentences } from "./sentence.ts";

const words = (payload: Payload, key: string) => bilingualIn(payload, key) ?? { zh: "—", en: "—" };
const names = (payload: Payload): string => {
  const people: unknown = payload["people"];
  return Array.isArray(people) ? people.map((person: { readonly name?: string }) => person.name ?? "").join("、") : "";
};

/** What officials chose by hand, and what became of it. */
export const choosingSentences: Sentences = {
  "choice.branch": (payload, { zh, en }) => ({
    zh: `在“${zh}”选择去向“${words(payload, "name").zh}”（按规则为“${words(payload, "ruledName").zh}”）：${textIn(payload, "reason")}`,
    en: `chose “${words(payload, "name").en}” at “${en}” (the rule gives “${words(payload, "ruledName").en}”): ${textIn(payload, "reason")}`,
  }),
  "choice.people": (payload, { zh, en }) => {
    const reason = textIn(payload, "reason");
    return {
      zh: `在“${zh}”选定 ${names(payload)} 办理“${words(payload, "stepName").zh}”${reason === "" ? "" : `：${reason}`}`,
      en: `chose ${names(payload)} for “${words(payload, "stepName").en}” at “${en}”${reason === "" ? "" : `: ${reason}`}`,
    };
  },
  "choice.lapsed": (payload, { zh, en }) => ({
    zh: `选定的 ${textIn(payload, "people")} 已不能办理“${zh}”，改由承担该角色的人员办理`,
    en: `${textIn(payload, "people")}, who was chosen for “${en}”, can act no more; whoever holds the role acts`,
  }),
};
