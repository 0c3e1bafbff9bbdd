//! The small inputs of the presets of jobs, each made for its job and small enough to check by eye.

/// Readings `sensor,time,value`, not in the order of their times. The two millstones' means are
/// 20 and 40; a mean of means is not.
pub(super) const READINGS: &str = "\
wheel,300,12
stone-1,120,10
wheel,60,9.5
stone-2,30,40
stone-1,240,10
sluice,45,-3
wheel,180,11
stone-1,360,10
stone-2,330,45
sluice,225,-1.5
wheel,420,14
stone-1,15,50
stone-2,150,35
sluice,405,2
wheel,240,11.5
stone-2,270,40
";

/// Documents `name TAB text`.
pub(super) const DOCUMENTS: &str = "\
river\tThe river runs to the mill, and the river runs by night.
mill\tThe mill turns the stone; the mill never sleeps.
stone\tThe stone grinds the grain and the grain falls as flour.
baker\tThe baker bakes the bread with flour from the mill.
bread\tChildren eat the bread and run to the river.
night\tBy night the wheel goes round and the stone sings.
";

/// How often words were counted, as a word count writes it.
pub(super) const COUNTS: &str = "\
bakes\t1
bread\t4
children\t2
day\t2
flour\t5
grain\t4
grinds\t2
mill\t9
miller\t3
night\t2
river\t7
round\t4
runs\t6
stone\t5
the\t23
turns\t2
wheel\t4
";

/// Customers `id TAB name`: the left table of the joins.
pub(super) const CUSTOMERS: &str = "\
7\tAda
12\tBo
15\tCleo
21\tDan
30\tEve
33\tFay
";

/// Orders `id TAB item`: the right table. Customer 12 orders more than all others together, two
/// orders have no customer, and one customer has no orders.
pub(super) const ORDERS: &str = "\
12\tbread
7\tflour
12\trolls
30\tbran
12\tcake
99\tbread
12\tflour
15\tbread
12\toats
21\tbread
12\tbran
7\tbread
12\tpie
33\trolls
12\ttart
40\toats
12\tbuns
30\tflour
12\trye
12\tmalt
";

/// Pages and the pages that they link to.
pub(super) const PAGES: &str = "\
home\tmill,river,news
mill\thome,stone
river\thome,mill
stone\tmill
news\thome
lost\thome
";

/// Files of a few lines each, by name.
pub(super) const SMALL_FILES: [(&str, &str); 8] = [
    ("monday.log", "07:00 sluice open\n07:05 wheel turns\n"),
    ("tuesday.log", "07:01 sluice open\n"),
    ("wednesday.log", "07:10 sluice stuck\n07:40 sluice open\n"),
    ("thursday.log", "07:00 sluice open\n"),
    ("friday.log", "07:02 sluice open\n07:06 wheel turns\n"),
    ("saturday.log", "08:00 sluice open\n"),
    ("sunday.log", "closed\n"),
    ("notes.log", "grease the wheel\n"),
];
