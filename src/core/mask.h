#ifndef BAHI_CORE_MASK_H
#define BAHI_CORE_MASK_H
/*
 * What may be seen of a number or address that is somebody's, in lines that
 * many read: logs and error sentences. GSTIN 27AB***1Z5, PAN AB***F, e-mail
 * r***, phone ***87. The rest of the text stays.
 */
void mask_personal(char *text);	/* in place; never longer */

#endif
