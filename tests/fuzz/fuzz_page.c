/* libFuzzer target of polled pages: the first line has the paths of the shape
 * parted by blanks, the rest is the page. */
#include "fuzz.h"

#include "core/jsonspan.h"
#include "flow/page.h"
#include "net/fetch.h"

static void
judge_item(const struct page_item *item, struct span in)
{
	must(item->text.p >= in.p && item->text.p + item->text.n <=
	    in.p + in.n);
	must(item->key != NULL && item->key[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size), line = fuzz_cut(&in, '\n');
	struct arena *arena = arena_new();
	const char *words[6];
	struct page page = { 0 };
	struct page_shape shape;
	struct err e = { 0 };
	struct str url;

	for (size_t i = 0; i < 6; i++) {
		struct span word = fuzz_cut(&line, ' ');

		words[i] = arena_strndup(arena, word.p, word.n);
	}
	shape = (struct page_shape){ words[0], words[1], words[2], words[3],
	    words[4], words[5] };
	if (!page_template(words[2]) || !page_template(words[3]))
		shape.key = shape.topic = "id";
	if (page_read(&shape, in, arena, &page, &e)) {
		must(page.n <= PAGE_ITEMS_MAX);
		for (size_t i = 0; i < page.n; i++)
			judge_item(&page.items[i], in);
	} else {
		must(e.code != ERR_NONE && e.why[0] != '\0');
	}
	must(!(page_later(words[0], words[1]) &&
	    page_later(words[1], words[0])));
	/* the next page is never on another host */
	str_init(&url, 8192);
	e = (struct err){ 0 };
	if (page.next != NULL && fetch_join("https://api.example.com/v1?a=1",
	    page.next, &url, &e))
		must(strncmp(url.p, "https://api.example.com/", 24) == 0);
	str_free(&url);
	arena_free(&arena);
	return 0;
}
