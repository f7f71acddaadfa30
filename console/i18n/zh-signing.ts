export const signingZh = {};
