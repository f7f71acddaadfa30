export const sharingUseZh = {};
