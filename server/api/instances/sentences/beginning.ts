import type { Bilingual } from "../../shared/common.schema.ts";
import { textIn, type Payload, type Sentences } from "./sentence.ts";

/** How a case began. */
export interface Beginning {
  /** Whether somebody handed in an application; other cases are begun by hand, or by the system because of another case. */
  readonly isApplication: boolean;
  readonly process: Bilingual;
  /** Number of the case that it came from, where the reader may see it. */
  readonly origin: string | null;
}

export const beginningSentences: Sentences = {
  "process.started": (payload) => {
    const author = textIn(payload, "inSteadOf");
    const { isApplication, process, origin } = beginningIn(payload);
    const [forZh, forEn] = author === "" ? ["", ""] : [`代${author}`, ` for ${author}`];
    if (isApplication) return { zh: `${forZh}提交申请`, en: `submitted the application${forEn}` };
    return {
      zh: `${forZh}发起“${process.zh}”${origin === null ? "" : `（源自 ${origin}）`}`,
      en: `began “${process.en}”${forEn}${origin === null ? "" : ` (because of ${origin})`}`,
    };
  },
};

function beginningIn(payload: Payload): Beginning {
  return payload["beginning"] as Beginning;
}
