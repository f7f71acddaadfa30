export const talkEn = {};
