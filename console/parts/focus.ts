/**
 * After a dialog has gone, the focus returns to what opened it; where that went with what was done, to the heading of the screen,
 * so that whoever works from the keyboard is not thrown back to the top of the window.
 */
export function returnFocus(to: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (to?.isConnected) to.focus();
    else if (lost) document.querySelector<HTMLElement>("main h1")?.focus();
  });
}
