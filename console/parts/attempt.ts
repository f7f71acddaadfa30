import { App } from "antd";
import { ApiProblem, NoAnswer } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";

/** A failure in a line: the server's own words, or that it could not be reached. */
export function useFailureWords(): (error: unknown) => string {
  const { t, pick } = useText();
  return (error) => {
    if (error instanceof ApiProblem) return pick(error.details.detail);
    return t(error instanceof NoAnswer ? "noAnswer" : "failed");
  };
}

/** For what is done at one click, without a dialog of its own: a failure is told in a message. Gives whether it was done. */
export function useAttempt(): (work: () => Promise<unknown>) => Promise<boolean> {
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  return async (work) => {
    try {
      await work();
      return true;
    } catch (error) {
      void message.error(wordsOf(error));
      return false;
    }
  };
}
