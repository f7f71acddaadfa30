import { useEffect, useRef, useState } from "react";
import type { DraftAnswer, SavedDraft } from "../../../server/api/drafts/drafts.schema.ts";
import { api } from "../../api/client.ts";

type Content = Readonly<Record<string, unknown>>;

/** Short enough that little is lost with the machine, long enough for a pause between two words. */
const pauseMs = 700;
const writer = crypto.randomUUID();

export interface DraftState {
  readonly savedAt: string | null;
  /** What another tab or machine had typed and this one replaced. */
  readonly overwrote: SavedDraft["overwrote"];
  readonly failed: boolean;
  readonly takeBack: () => void;
  /** Saves nothing any more, as after sending: the server then has dropped the draft. */
  readonly stop: () => void;
}

/**
 * Keeps on the server what is typed, and gives it back when the screen opens again, here or on another machine. `content` is
 * what is typed now; `restore` takes what was typed before.
 */
export function useDraft(key: string, content: Content, restore: (content: Content) => void): DraftState {
  const [savedAt, setSavedAt] = useState<string | null>(null);
  const [overwrote, setOverwrote] = useState<SavedDraft["overwrote"]>(null);
  const [failed, setFailed] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const seenRev = useRef(0);
  const stopped = useRef(false);
  const turn = useRef(Promise.resolve());
  const typed = JSON.stringify(content);
  const kept = useRef(typed);
  const latest = useRef({ typed, restore });
  latest.current = { typed, restore };
  const path = `/api/drafts/${encodeURIComponent(key)}`;

  useEffect(() => {
    let left = false;
    void api
      .get<DraftAnswer>(path)
      .then(({ draft }) => {
        if (left) return;
        // Who has begun to type before the answer came goes on typing.
        if (draft && latest.current.typed === kept.current) {
          kept.current = JSON.stringify(draft.content);
          latest.current.restore(draft.content);
          setSavedAt(draft.savedAt);
        }
        seenRev.current = draft?.rev ?? 0;
        setLoaded(true);
      })
      .catch(() => setFailed(true));
    return () => {
      left = true;
    };
  }, [path]);

  useEffect(() => {
    if (!loaded) return undefined;
    const save = () => {
      if (stopped.current || latest.current.typed === kept.current) return;
      const now = latest.current.typed;
      kept.current = now;
      turn.current = turn.current.then(async () => {
        if (stopped.current) return;
        try {
          const body = { content: JSON.parse(now) as Content, writer, seenRev: seenRev.current };
          const saved = await api.put<SavedDraft>(path, body);
          seenRev.current = saved.rev;
          setSavedAt(saved.savedAt);
          setFailed(false);
          if (saved.overwrote) setOverwrote(saved.overwrote);
        } catch {
          // The next pause in typing tries again; meanwhile the screen says that nothing is saved.
          kept.current = "";
          setFailed(true);
        }
      });
    };
    const later = setTimeout(save, pauseMs);
    const leaving = () => {
      if (document.visibilityState === "hidden") save();
    };
    document.addEventListener("visibilitychange", leaving);
    return () => {
      clearTimeout(later);
      document.removeEventListener("visibilitychange", leaving);
    };
  }, [loaded, path, typed]);

  // A change of screens within the product does not lose the last words.
  useEffect(
    () => () => {
      const { typed: last } = latest.current;
      if (stopped.current || last === kept.current) return;
      void turn.current.then(() =>
        api
          .put(path, { content: JSON.parse(last) as Content, writer, seenRev: seenRev.current })
          .catch(() => undefined),
      );
    },
    [path],
  );

  return {
    savedAt,
    overwrote,
    failed,
    takeBack: () => {
      if (overwrote) restore(overwrote.content);
      setOverwrote(null);
    },
    stop: () => {
      stopped.current = true;
    },
  };
}
