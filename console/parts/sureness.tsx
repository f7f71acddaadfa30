import type { ClockView } from "../../server/api/shared/common.schema.ts";
import { useText } from "../i18n/i18n.ts";

/** Says of a date what it rests on, where that is no official calendar; `null` where it is. */
export function useSureness(): (confidence: ClockView["dueConfidence"] | null) => string | null {
  const { t } = useText();
  return (confidence) => {
    if (confidence === "unknown") return t("unknownYear");
    return confidence === "provisional" ? t("provisional") : null;
  };
}

/** The same in brackets, for after the date. */
export function Sureness({ of }: { readonly of: ClockView["dueConfidence"] | null }) {
  const { aside } = useText();
  const words = useSureness()(of);
  return words === null ? null : aside(words);
}
