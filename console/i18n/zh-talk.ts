export const talkZh = {};
