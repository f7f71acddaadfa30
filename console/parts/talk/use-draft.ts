import { useEffect, useEffectEvent, useState } from "react";
import type { SavedDraft } from "../../../server/api/drafts/drafts.schema.ts";
import { DraftKeeper, type Content } from "./draft-keeper.ts";

/** Short enough that little is lost with the machine, long enough for a pause between two words. */
const pauseMs = 700;

export interface DraftState {
  readonly savedAt: string | null;
  /** What another tab or machine had typed and this one replaced. */
  readonly overwrote: SavedDraft["overwrote"];
  readonly failed: boolean;
  readonly takeBack: () => void;
  /** Runs what sends the whole; the server then drops the draft, and nothing is saved over that. */
  readonly whileSending: <T>(send: () => Promise<T>) => Promise<T>;
}

/**
 * Keeps on the server what is typed, and gives it back when the screen opens again, here or on another machine. `content` is
 * what is typed now; `restore` takes what was typed before.
 */
export function useDraft(key: string, content: Content, restore: (content: Content) => void): DraftState {
  const typed = JSON.stringify(content);
  const [keeper] = useState(() => new DraftKeeper(key, typed));
  const [savedAt, setSavedAt] = useState<string | null>(null);
  const [overwrote, setOverwrote] = useState<SavedDraft["overwrote"]>(null);
  const [failed, setFailed] = useState(false);
  const [loaded, setLoaded] = useState(false);

  const arrived = useEffectEvent((draft: Awaited<ReturnType<DraftKeeper["load"]>>) => {
    if (draft && keeper.takes(draft, typed)) {
      restore(draft.content);
      setSavedAt(draft.savedAt);
    }
    setLoaded(true);
  });
  const save = useEffectEvent(async () => {
    try {
      const saved = await keeper.save(typed);
      if (!saved) return;
      setSavedAt(saved.savedAt);
      setFailed(false);
      if (saved.overwrote) setOverwrote(saved.overwrote);
    } catch {
      // The next pause in typing tries again.
      setFailed(true);
    }
  });

  useEffect(() => {
    let left = false;
    void keeper
      .load()
      .then((draft) => (left ? undefined : arrived(draft)))
      // Typing goes on without a draft, and the screen says that nothing is saved.
      .catch(() => setFailed(true));
    return () => {
      left = true;
    };
  }, [keeper]);

  useSavingPauses(loaded ? typed : null, () => void save());

  return {
    savedAt,
    overwrote,
    failed,
    takeBack: () => {
      if (overwrote) restore(overwrote.content);
      setOverwrote(null);
    },
    whileSending: (send) => keeper.whileSending(send),
  };
}

/** Saves at each pause in typing, when the window is hidden, and when the screen is left. `null`: nothing is known yet. */
function useSavingPauses(typed: string | null, save: () => void): void {
  const saveNow = useEffectEvent(() => {
    if (typed !== null) save();
  });
  const waitFor = useEffectEvent((now: string | null) =>
    now === null ? undefined : setTimeout(() => saveNow(), pauseMs),
  );
  useEffect(() => {
    const later = waitFor(typed);
    return () => clearTimeout(later);
  }, [typed]);
  useEffect(() => {
    const hidden = () => {
      if (document.visibilityState === "hidden") saveNow();
    };
    document.addEventListener("visibilitychange", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      saveNow();
    };
  }, []);
}
