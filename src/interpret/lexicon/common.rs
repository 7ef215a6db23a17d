//! Ordinary English words, so that they are taken neither for names nor for typing errors.

/// Words, separated by white space, folded.
pub const COMMON: &str = "
a an the this that these those it its i me my mine myself we us our ours you your yours he him his she her hers they them their theirs who whom whose which what
and or but so then also plus too as well both either neither nor yet still just only simply even again once twice
please pls plz kindly thanks thank thx ta cheers hi hello hey dear morning afternoon evening good great fine ok okay yes no yep nope not dont never none nothing nobody
is are was were be been being am isnt arent wasnt werent do does did done doing doesnt didnt has have had having hasnt havent hadnt can could would will shall should may might must cant cannot couldnt wouldnt wont shouldnt
im ive ill id hes shes theyre theyve weve were well youre thats theres heres lets whos hows wheres its whats
in on at to for from of off by with without within into onto out over under up down about above below after before since until till til during between against through across along around near per via regarding re concerning about behalf instead rather than except excluding apart other
if unless when while where why how because cause cos bc since though although however whether because therefore
all any some every each few many much more most less least several enough another one two three four five six seven eight nine ten first second third last next previous latter former same different new old current own temp temporary full whole
now today tomorrow yesterday tonight asap immediately urgent urgently soon later already yet ago early late currently right away straight quickly quick fast effective immediate instant moment minute minutes hour hours day days week weeks weekend month months year years time times date noon midnight midday am pm eod cob close business morning end start beginning onwards
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
here there somewhere anywhere back again away home office work working works worked site remote remotely
user users person people guy guys girl lady man woman mr mrs ms miss dr sir colleague colleagues staff member employee employees someone somebody anyone anybody everyone everybody team teams manager managers director boss lead leads head intern contractor contractors student temp temps accountant assistant analyst engineer engineers clerk officer technician supervisor agent
sales marketing finance legal hr it ops operations engineering retail procurement executive executives accounts payable support service desk helpdesk customer research development
company business department departments organisation organization contoso tenant directory azure entra microsoft ms m365 o365 365 windows system systems cloud portal
name names named called known email emails mailto subject body description summary note notes fyi btw re fw fwd ref reference ticket case incident request requests number id ids reason reasons action actions required issue issues problem problems question questions help info details
get gets got getting go goes going gone went come comes came coming make makes made making take takes took see sees saw seen seem seems look looks looked looking know knows knew known think thinks thought try tries tried trying use uses used using want wants wanted need needs needed like likes liked love wish hope hoping ask asks asked asking say says said saying tell tells told call calls called calling speak spoke talk talked report reports reported write reads read reading sort sorted sorting fix fixed check checked let lets leave leaves left leaving keep keeps kept stay stays bring happen happens happened happening expect wait waiting pending confirm confirmed agree agreed decided decide plan planned planning proceed believe suspect suspected suppose probably maybe perhaps possibly likely possible able unable sure certain certainly definitely actually really very quite pretty honestly basically apparently accidentally temporarily permanently properly correctly
leave holiday holidays vacation annual sick sickness ill maternity paternity parental sabbatical secondment resigned resignation notice joined joins join joining starts started starting finish finished finishes finishing returned returns returning return moved moves moving move promoted fired sacked dismissed terminated hired rehire absent travelling traveling covering cover replacing transferring
phish phished phishing clicked click compromised hacked hack stolen stole lost suspicious breach incident malware security risk risky attack attacker fraud leaked
access accessing account accounts phone mobile computer laptop mail mailbox calendar meeting meetings file files document documents folder drive page screen form forms attached attachment below above following follows list lists table field value status
presenting drawing diagrams artwork making doing designing project projects phoenix atlas report reports reporting data client clients customer customers
big small high low long short hard easy bad better best worse wrong broken slow down stuck empty correct real true false important priority normal standard usual extra additional spare free available unused
lol haha oh ah hmm ugh sorry apologies excuse pardon welcome bye regards rgds best kind warm sincerely
thing things stuff way ways part parts place side bit lot lots kind sort type types group groups set sets
also else otherwise anymore longer no-one everything something anything nothing
would'nt grateful appreciate appreciated much possible mind chance favour favor opportunity convenience
member members belong belongs part
can't don't approved approval approve ensure sign log everywhere instead onto logon login logins using via
doesn happy glad pleased delighted afraid worried concerned confidential private
cannot behalf person persons individual individuals
won his hers herself himself themselves itself
until unless upon whenever wherever whoever whatever
vp ceo cfo cto president consultant specialist
meant mean means tell told wants wanted asap thx pls plz u ur r y n b c thru w wo abt bcs bc coz tho gonna wanna gotta lemme dunno idk tbh imo afaik fyi nvm eta tba tbc
grab drop throw chuck stick pop jump run runs ran running turn turned turning switch switched put puts putting send sends sent sending show shows shown find finds found
content contents once-off ahead right left top bottom middle inside outside front behind
forgot forgotten forget remember remembers recall recalls memory
brown black white red blue green yellow orange grey gray lock look book cook hook took talk walk wall will well wire wipe wise write white while whale wide
table cable label libel able cables tables
um uh erm er yo omg wtf hiya heya oi soo sooo soooo leaver leavers requester requesters requestor caller submitter approver approvers recipient reviewer submitted raised logged opened affected subject username needful earliest revert ta
";
