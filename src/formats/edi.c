/*
 * Interchanges of either dialect, in pieces: each message (transaction set)
 * is a record with its envelope and all its segments, an element a string,
 * its components an array of strings, repetitions an array of such arrays.
 * Counts and control numbers are proved: a message that fails is wrong, an
 * envelope that fails makes the file wrong.
 */
#include "formats/edi.h"

#include <stdlib.h>

#include "core/utf8.h"
#include "formats/statement.h"

#define SEGMENT_MAX 65536
#define SEGMENTS_MAX 20000	/* of a message */
#define PIECES_MAX 2048		/* elements and components of a segment */
#define NAME_BYTES 64		/* of a party, a control number */

enum begins { BEGINS_ELEMENT, BEGINS_REPETITION, BEGINS_COMPONENT };

struct piece {
	size_t at, n;
	enum begins begins;
};

struct name {
	char text[NAME_BYTES + 1];
};

struct envelope {
	bool open;		/* the interchange */
	bool group_open;
	struct name sender, sender_qualifier, receiver, receiver_qualifier;
	struct name interchange, group, version;
	bool test;
	int64_t groups, messages;	/* messages: of the group if any */
};

struct message {
	bool open;
	int64_t line, segments;
	struct name type, control, version;
	const char *wrong;
};

struct reader {
	struct input in;
	const struct dialect *only;	/* NULL: either */
	const struct dialect *dialect;	/* of the interchange; NULL: between */
	struct separators separators;
	char head[EDI_HEAD_MAX];
	size_t n_head;
	bool broken;		/* the rest cannot be read */
	/* the segment being read */
	struct str text;
	struct piece pieces[PIECES_MAX];
	size_t n_pieces;
	bool released, any, over, whole;
	int64_t line;
	struct envelope envelope;
	struct message message;
	struct str json;
	struct json writer;
	struct err fault;
};

struct reader *
edi_open(const struct dialect *only)
{
	struct reader *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("out of memory");
	r->only = only;
	input_open(&r->in);
	str_init(&r->text, SEGMENT_MAX);
	str_init(&r->json, RECORD_MAX);
	return r;
}

void
edi_close(struct reader **reader)
{
	struct reader *r = *reader;

	*reader = NULL;
	if (r == NULL)
		return;
	str_free(&r->text);
	str_free(&r->json);
	free(r);
}

void
edi_feed(struct reader *r, const char *p, size_t n)
{
	input_feed(&r->in, p, n);
}

static void
find_fault(struct reader *r, const char *why)
{
	err_set(&r->fault, ERR_REQUEST, "line %lld: %s",
	    (long long)r->line, why);
}

/* ---- a segment and its parts ------------------ */

/* The component of an element; empty when it is not there. */
static struct span
part(const struct reader *r, struct place place)
{
	int element = -1, component = 0;

	for (size_t i = 0; i < r->n_pieces; i++) {
		const struct piece *piece = &r->pieces[i];

		if (piece->begins == BEGINS_ELEMENT) {
			element++;
			component = 0;
		} else {
			component++;
		}
		if (element == place.element && component == place.component)
			return (struct span){ r->text.p + piece->at,
			    piece->n };
	}
	return SPAN("");
}

static void
keep(struct reader *r, struct name *name, struct place place)
{
	struct span s = place.element > 0 ? part(r, place) : SPAN("");

	while (s.n > 0 && s.p[s.n - 1] == ' ')	/* X12 fills up */
		s.n--;
	if (s.n > NAME_BYTES) {
		find_fault(r, "a name in an envelope is too long");
		s.n = NAME_BYTES;
	}
	memcpy(name->text, s.p, s.n);
	name->text[s.n] = '\0';
}

/* A control number without its leading zeros, where they say nothing. */
static const char *
number(const struct reader *r, const struct name *name)
{
	const char *text = name->text;

	while (r->dialect->numeric && text[0] == '0' && text[1] != '\0')
		text++;
	return text;
}

static bool
control_is(struct reader *r, const struct name *control)
{
	struct name here;

	keep(r, &here, (struct place){ 2, 0 });
	return strcmp(number(r, &here), number(r, control)) == 0;
}

static bool
count_is(const struct reader *r, int64_t count)
{
	struct span s = part(r, (struct place){ 1, 0 });
	int64_t n = 0;

	if (s.n == 0 || s.n > 12)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		n = n * 10 + (s.p[i] - '0');
	}
	return n == count;
}

/* Pieces first..last-1 as strings. */
static void
write_pieces(struct reader *r, size_t first, size_t last, bool latin)
{
	for (size_t i = first; i < last; i++)
		text_write(&r->writer, (struct span){
		    r->text.p + r->pieces[i].at, r->pieces[i].n }, latin);
}

static size_t
until(const struct reader *r, size_t i, enum begins most)
{
	do
		i++;
	while (i < r->n_pieces && r->pieces[i].begins > most);
	return i;
}

static void
write_element(struct reader *r, size_t first, size_t last, bool latin)
{
	struct json *j = &r->writer;
	size_t next = until(r, first, BEGINS_REPETITION);
	bool repeats = next < last;

	if (last - first == 1) {
		write_pieces(r, first, last, latin);
		return;
	}
	json_open(j, '[');
	if (!repeats)
		write_pieces(r, first, last, latin);
	for (; repeats && first < last; first = next) {
		next = until(r, first, BEGINS_REPETITION);
		json_open(j, '[');
		write_pieces(r, first, next, latin);
		json_close(j, ']');
	}
	json_close(j, ']');
}

static void
write_segment(struct reader *r)
{
	bool latin = !utf8_valid(str_span(&r->text));
	size_t next;

	json_open(&r->writer, '[');
	for (size_t i = 0; i < r->n_pieces; i = next) {
		next = until(r, i, BEGINS_ELEMENT);
		write_element(r, i, next, latin);
	}
	json_close(&r->writer, ']');
}

/* ---- a message ------------------ */

static void
find_wrong(struct reader *r, const char *why)
{
	if (r->message.wrong == NULL)
		r->message.wrong = why;
}

static void
write_head(struct reader *r)
{
	const struct envelope *envelope = &r->envelope;
	const struct message *message = &r->message;
	struct json *j = &r->writer;
	char decimal[2] = { r->separators.decimal, '\0' };

	str_clear(&r->json);
	json_start(j, &r->json);
	json_open(j, '{');
	json_kstr(j, "standard", r->dialect->name);
	text_member(j, "type", span_of(message->type.text));
	text_member(j, "version", span_of(message->version.text));
	text_member(j, "sender", span_of(envelope->sender.text));
	text_member(j, "sender_qualifier",
	    span_of(envelope->sender_qualifier.text));
	text_member(j, "receiver", span_of(envelope->receiver.text));
	text_member(j, "receiver_qualifier",
	    span_of(envelope->receiver_qualifier.text));
	text_member(j, "interchange", span_of(envelope->interchange.text));
	text_member(j, "group", span_of(envelope->group.text));
	text_member(j, "control", span_of(message->control.text));
	json_kstr(j, "decimal", decimal);
	json_key(j, "test");
	json_bool(j, envelope->test);
}

static void
add_segment(struct reader *r)
{
	if (++r->message.segments > SEGMENTS_MAX)
		find_wrong(r, "the message has too many segments");
	else
		write_segment(r);
	if (r->over)
		find_wrong(r, "a segment of the message is too large");
}

static void
join(struct name *to, const struct name *more)
{
	size_t n = strlen(to->text), length = strlen(more->text);

	if (n + length <= NAME_BYTES)
		memcpy(to->text + n, more->text, length + 1);
}

static void
begin_message(struct reader *r)
{
	const struct dialect *dialect = r->dialect;
	struct name second;

	r->message = (struct message){ .open = true, .line = r->line };
	keep(r, &r->message.type, dialect->type);
	keep(r, &r->message.control, dialect->control);
	keep(r, &r->message.version, dialect->version[0]);
	keep(r, &second, dialect->version[1]);
	join(&r->message.version, &second);
	if (r->message.version.text[0] == '\0')
		r->message.version = r->envelope.version;
	r->envelope.messages++;
	write_head(r);
	json_key(&r->writer, "segments");
	json_open(&r->writer, '[');
	add_segment(r);
}

static const char *
topic(const struct message *message)
{
	size_t n = strlen(message->type.text);

	if (n == 0 || n != strspn(message->type.text, "0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"))
		return "unknown";
	return message->type.text;
}

static bool
give_message(struct reader *r, struct record *record)
{
	struct message *message = &r->message;
	struct json *j = &r->writer;

	json_close(j, ']');
	if (message->wrong != NULL)
		json_kstr(j, "wrong", message->wrong);
	json_close(j, '}');
	if (r->json.over) {
		message->wrong = "the message is too large";
		write_head(r);
		json_kstr(j, "wrong", message->wrong);
		json_close(j, '}');
	}
	message->open = false;
	*record = (struct record){ .topic = topic(message),
		.json = str_span(&r->json), .line = message->line,
		.wrong = message->wrong };
	return true;
}

static bool
end_message(struct reader *r, struct record *record)
{
	add_segment(r);
	if (!count_is(r, r->message.segments))
		find_wrong(r, "the count of its segments differs");
	if (!control_is(r, &r->message.control))
		find_wrong(r, "its two control numbers differ");
	return give_message(r, record);
}

/* ---- envelopes ------------------ */

static void
begin_interchange(struct reader *r)
{
	const struct dialect *dialect = r->dialect;
	struct envelope *envelope = &r->envelope;
	struct name test;

	if (envelope->open)
		find_fault(r, "an interchange inside an interchange");
	*envelope = (struct envelope){ .open = true };
	keep(r, &envelope->sender, dialect->sender);
	keep(r, &envelope->sender_qualifier, dialect->sender_qualifier);
	keep(r, &envelope->receiver, dialect->receiver);
	keep(r, &envelope->receiver_qualifier, dialect->receiver_qualifier);
	keep(r, &envelope->interchange, dialect->interchange);
	keep(r, &test, dialect->test);
	envelope->test = strcmp(test.text, dialect->is_test) == 0;
}

static void
begin_group(struct reader *r)
{
	struct envelope *envelope = &r->envelope;

	if (envelope->group_open)
		find_fault(r, "a group inside a group");
	envelope->group_open = true;
	envelope->groups++;
	envelope->messages = 0;
	keep(r, &envelope->group, r->dialect->group);
	keep(r, &envelope->version, r->dialect->group_version);
}

static void
end_group(struct reader *r)
{
	struct envelope *envelope = &r->envelope;

	if (!envelope->group_open)
		find_fault(r, "the end of a group that was not begun");
	else if (!count_is(r, envelope->messages))
		find_fault(r, "the count of messages of the group differs");
	else if (!control_is(r, &envelope->group))
		find_fault(r, "the control numbers of the group differ");
	envelope->group_open = false;
	envelope->group = envelope->version = (struct name){ "" };
}

static void
end_interchange(struct reader *r)
{
	struct envelope *envelope = &r->envelope;

	if (envelope->group_open)
		find_fault(r, "the group is not closed");
	else if (!count_is(r, envelope->groups > 0 ? envelope->groups :
	    envelope->messages))
		find_fault(r, "the count of the interchange differs");
	else if (!control_is(r, &envelope->interchange))
		find_fault(r, "the control numbers of the interchange differ");
	envelope->open = false;
	r->dialect = NULL;
	r->n_head = 0;
}

static enum edi_tag
tag_of(const struct reader *r)
{
	struct span tag = { r->text.p + r->pieces[0].at, r->pieces[0].n };

	for (int i = 0; i < TAG_COUNT; i++)
		if (span_is(tag, r->dialect->tags[i]))
			return (enum edi_tag)i;
	return TAG_COUNT;
}

/* A whole segment. A message that it ends without saying so goes out first:
 * then the segment stays whole and is asked again. */
static bool
take_segment(struct reader *r, struct record *record)
{
	enum edi_tag tag = tag_of(r);

	if (r->message.open && tag != TAG_MESSAGE_END && tag != TAG_COUNT) {
		find_wrong(r, "it is not closed");
		return give_message(r, record);
	}
	r->whole = r->any = false;
	if (tag != TAG_INTERCHANGE && !r->envelope.open) {
		find_fault(r, "a segment outside an interchange");
		r->broken = true;
		return false;
	}
	switch (tag) {
	case TAG_INTERCHANGE: begin_interchange(r); break;
	case TAG_GROUP: begin_group(r); break;
	case TAG_MESSAGE: begin_message(r); break;
	case TAG_MESSAGE_END:
		if (r->message.open)
			return end_message(r, record);
		find_fault(r, "the end of a message that was not begun");
		break;
	case TAG_GROUP_END: end_group(r); break;
	case TAG_INTERCHANGE_END: end_interchange(r); break;
	case TAG_COUNT:
		if (r->message.open)
			add_segment(r);
		break;
	}
	return false;
}

/* ---- bytes ------------------ */

static void
clear_segment(struct reader *r)
{
	r->any = r->over = r->released = false;
	r->n_pieces = 0;
	str_clear(&r->text);
}

static void
begin_piece(struct reader *r, enum begins begins)
{
	if (r->n_pieces == PIECES_MAX) {
		r->over = true;
		return;
	}
	r->pieces[r->n_pieces++] = (struct piece){ .at = r->text.n,
		.begins = begins };
}

static void
add_byte(struct reader *r, int c)
{
	size_t was = r->text.n;

	str_addc(&r->text, c == '\0' ? SUBSTITUTE : (char)c);
	r->over |= r->text.over;
	if (!r->over)
		r->pieces[r->n_pieces - 1].n += r->text.n - was;
}

static void
segment_byte(struct reader *r, int c)
{
	const struct separators *s = &r->separators;

	if (!r->released && c == s->end) {
		r->whole = r->any;
		return;
	}
	if (!r->released && (c == '\r' || c == '\n'))
		return;
	if (!r->any) {
		clear_segment(r);
		begin_piece(r, BEGINS_ELEMENT);
		r->any = true;
		r->line = r->in.line;
	}
	if (r->released) {
		r->released = false;
		add_byte(r, c);
	} else if (c == s->release) {
		r->released = true;
	} else if (c == s->element) {
		begin_piece(r, BEGINS_ELEMENT);
	} else if (c == s->repetition) {
		begin_piece(r, BEGINS_REPETITION);
	} else if (c == s->component) {
		begin_piece(r, BEGINS_COMPONENT);
	} else {
		add_byte(r, c);
	}
}

static int
try_head(struct reader *r, const struct dialect *dialect)
{
	bool keep_head = false;
	int known;

	if (r->only != NULL && r->only != dialect)
		return -1;
	known = dialect->head(r->head, r->n_head, &r->separators, &keep_head);
	if (known != 1)
		return known;
	r->dialect = dialect;
	clear_segment(r);
	r->any = false;
	for (size_t i = 0; keep_head && i < r->n_head; i++)
		segment_byte(r, (unsigned char)r->head[i]);
	return 1;
}

/* Between interchanges: white space, and what old systems end a file with. */
static void
head_byte(struct reader *r, int c)
{
	int x12, edifact;

	if (r->n_head == 0) {
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n' ||
		    c == '\0' || c == SUBSTITUTE)
			return;
		r->line = r->in.line;
	}
	r->head[r->n_head++] = (char)c;
	x12 = try_head(r, &dialect_x12);
	edifact = x12 == 1 ? 0 : try_head(r, &dialect_edifact);
	if (x12 < 0 && edifact < 0) {
		find_fault(r, "no interchange begins here");
		r->broken = true;
	}
}

/* At the end of the file: what is still open. */
static bool
give_rest(struct reader *r, struct record *record)
{
	if (r->dialect != NULL || r->n_head > 0)
		find_fault(r, "the file ends inside an interchange");
	if (!r->message.open)
		return false;
	find_wrong(r, "it is not closed");
	return give_message(r, record);
}

bool
edi_record(struct reader *r, struct record *record)
{
	int c;

	for (;;) {
		if (r->whole) {
			if (take_segment(r, record))
				return true;
		} else if ((c = input_take(&r->in)) >= 0) {
			if (r->broken)
				continue;
			if (r->dialect == NULL)
				head_byte(r, c);
			else
				segment_byte(r, c);
		} else if (!input_over(&r->in)) {
			return false;
		} else if (r->any && !r->broken) {
			r->whole = true;	/* its end was left out */
		} else {
			return give_rest(r, record);
		}
	}
}

bool
edi_end(struct reader *r, struct err *e)
{
	if (r->fault.code != ERR_NONE)
		return err_set(e, r->fault.code, "%s", r->fault.why);
	if (r->line == 0)
		return err_set(e, ERR_REQUEST, "there is no interchange in it");
	return true;
}

static struct reader *
either_open(void)
{
	return edi_open(NULL);
}

const struct format format_edi = {
	.name = "edi", .suffixes = ".edi",
	.open = either_open, .close = edi_close, .feed = edi_feed,
	.next = edi_record, .end = edi_end,
	.sealed = true,
};
