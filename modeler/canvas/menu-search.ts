/**
 * The search fields of bpmn.io's menus filter on `keyup` only, so that pasted text and text committed from an input method
 * by mouse would not filter. Answers such input with a `keyup`; returns how to stop.
 */
export function filterMenusWhileTyping(container: HTMLElement): () => void {
  const answer = (event: Event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.closest(".djs-popup, .djs-search-container")) return;
    if (
      event instanceof InputEvent &&
      (event.isComposing || event.inputType === "insertText" || event.inputType.startsWith("delete"))
    )
      return;
    field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  };
  // Pop-up menus hang on the drawing's own container, search included.
  container.addEventListener("input", answer);
  container.addEventListener("compositionend", answer);
  return () => {
    container.removeEventListener("input", answer);
    container.removeEventListener("compositionend", answer);
  };
}
