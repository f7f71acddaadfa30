export const sharingUseEn = {};
