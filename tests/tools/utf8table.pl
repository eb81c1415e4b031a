#!/usr/bin/perl
# Writes src/core/utf8_table.h from the Unicode Character Database that perl
# carries: what UAX 29 needs to know of each character to find the borders of
# what a reader calls a letter.  Indic conjuncts (GB9c) are by syllabic
# category, since the property InCB is younger than many a perl.
use strict;
use warnings;
use Unicode::UCD;

my $six = qr/[\p{Deva}\p{Beng}\p{Gujr}\p{Orya}\p{Telu}\p{Mlym}]/;
my %linker = map { $_ => 1 } 0x94d, 0x9cd, 0xacd, 0xb4d, 0xc4d, 0xd4d;

sub class {
	my ($n) = @_;
	return '' if $n >= 0xd800 && $n < 0xe000;
	my $c = chr $n;
	return 'LINKER' if $linker{$n};
	return 'ZWJ' if $n == 0x200d;
	return 'EXTEND' if $c =~ /\p{GCB=Extend}/;
	return 'SPACING' if $c =~ /\p{GCB=SpacingMark}/;
	return 'PREPEND' if $c =~ /\p{GCB=Prepend}/;
	return 'REGION' if $c =~ /\p{GCB=RI}/;
	return 'L' if $c =~ /\p{GCB=L}/;
	return 'V' if $c =~ /\p{GCB=V}/;
	return 'T' if $c =~ /\p{GCB=T}/;
	return 'CONSONANT' if $c =~ $six && $c =~ /\p{InSC=Consonant}/;
	return 'PICTURE' if $c =~ /\p{ExtPict}/;
	return '';
}

print "/* Made by tests/tools/utf8table.pl of Unicode ",
    Unicode::UCD::UnicodeVersion(), ".\n * Hangul syllables are computed. */\n",
    <<'END';
#ifndef BAHI_CORE_UTF8_TABLE_H
#define BAHI_CORE_UTF8_TABLE_H
#include <stdint.h>

enum utf8_class {
	UTF8_OTHER, UTF8_EXTEND, UTF8_ZWJ, UTF8_LINKER, UTF8_SPACING,
	UTF8_PREPEND, UTF8_REGION, UTF8_L, UTF8_V, UTF8_T, UTF8_LV, UTF8_LVT,
	UTF8_CONSONANT, UTF8_PICTURE
};

static const struct utf8_range {
	uint32_t first, last;
	enum utf8_class is;
} utf8_ranges[] = {
END
my ($from, $last) = (0, '');
for my $n (0 .. 0x110000) {
	my $class = $n < 0x110000 ? class($n) : '';
	next if $class eq $last;
	printf "\t{ 0x%x, 0x%x, UTF8_%s },\n", $from, $n - 1, $last
	    if $last ne '';
	($from, $last) = ($n, $class);
}
print "};\n\n#endif\n";
